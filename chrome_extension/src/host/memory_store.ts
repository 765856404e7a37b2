/** A `Store` that forgets with the page: for tests, and where a page may keep nothing. */

import type { Store, Unsubscribe } from "./host.ts";

export class MemoryStore implements Store {
  readonly #values = new Map<string, unknown>();
  readonly #listeners = new Map<string, Set<(value: unknown) => void>>();

  get(key: string): Promise<unknown> {
    return Promise.resolve(structuredClone(this.#values.get(key)));
  }

  set(key: string, value: unknown): Promise<void> {
    this.#values.set(key, structuredClone(value));
    this.#tell(key);
    return Promise.resolve();
  }

  remove(key: string): Promise<void> {
    this.#values.delete(key);
    this.#tell(key);
    return Promise.resolve();
  }

  onChange(key: string, listener: (value: unknown) => void): Unsubscribe {
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  #tell(key: string): void {
    const value = this.#values.get(key);
    for (const listener of this.#listeners.get(key) ?? []) listener(structuredClone(value));
  }
}
