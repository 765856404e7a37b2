/** A `Store` in a web page's own storage, for the demo page. */

import { parseJson } from "../service/events.ts";
import type { Store, Unsubscribe } from "./host.ts";

const PREFIX = "sentiment:";

export class WebStore implements Store {
  readonly #storage: Storage;
  readonly #listeners = new Map<string, Set<(value: unknown) => void>>();

  constructor(storage: Storage) {
    this.#storage = storage;
    window.addEventListener("storage", (event) => {
      if (event.storageArea !== storage || !event.key?.startsWith(PREFIX)) return;
      this.#tell(event.key.slice(PREFIX.length), valueOf(event.newValue));
    });
  }

  get(key: string): Promise<unknown> {
    return Promise.resolve(valueOf(this.#storage.getItem(PREFIX + key)));
  }

  set(key: string, value: unknown): Promise<void> {
    const text = JSON.stringify(value);
    this.#storage.setItem(PREFIX + key, text);
    this.#tell(key, valueOf(text));
    return Promise.resolve();
  }

  remove(key: string): Promise<void> {
    this.#storage.removeItem(PREFIX + key);
    this.#tell(key, undefined);
    return Promise.resolve();
  }

  onChange(key: string, listener: (value: unknown) => void): Unsubscribe {
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  #tell(key: string, value: unknown): void {
    for (const listener of this.#listeners.get(key) ?? []) listener(value);
  }
}

function valueOf(text: string | null): unknown {
  return text === null ? undefined : parseJson(text);
}
