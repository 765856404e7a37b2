/** A `Store` in Chrome's storage: `local` stays, `session` lasts as long as the browser runs. */

import type { Store, Unsubscribe } from "./host.ts";

export class ChromeStore implements Store {
  readonly #area: "local" | "session";

  constructor(area: "local" | "session") {
    this.#area = area;
  }

  async get(key: string): Promise<unknown> {
    return (await chrome.storage[this.#area].get(key))[key];
  }

  async set(key: string, value: unknown): Promise<void> {
    await chrome.storage[this.#area].set({ [key]: value });
  }

  async remove(key: string): Promise<void> {
    await chrome.storage[this.#area].remove(key);
  }

  onChange(key: string, listener: (value: unknown) => void): Unsubscribe {
    const onChanged = (changes: Record<string, chrome.storage.StorageChange>, area: string) => {
      if (area === this.#area && key in changes) listener(changes[key]?.newValue);
    };
    chrome.storage.onChanged.addListener(onChanged);
    return () => chrome.storage.onChanged.removeListener(onChanged);
  }
}
