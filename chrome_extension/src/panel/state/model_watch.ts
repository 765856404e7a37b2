/** Whether another model answers than did for the last analysis. */

import type { ModelInfo } from "../../service/wire.ts";
import type { Archive } from "./archive.ts";
import type { Shown } from "./shown.ts";

export class ModelWatch {
  readonly #archive: Archive;
  readonly #shown: Shown;
  /** Digest that answered last, by service. */
  readonly #last = new Map<string, string>();

  constructor(archive: Archive, shown: Shown) {
    this.#archive = archive;
    this.#shown = shown;
  }

  /**
   * A service has named its model.
   *
   * @param mayForget whether "the same as before" takes back what was said of a change
   */
  saw(origin: string, model: ModelInfo, mayForget: boolean): void {
    if (model.digest === "") return;
    const before = this.#last.get(origin) ?? this.#kept(origin);
    this.#last.set(origin, model.digest);
    this.#shown.model.value = model;
    if (before !== undefined && before !== model.digest) {
      this.#shown.modelChangedFrom.value = before;
    } else if (mayForget) this.#shown.modelChangedFrom.value = null;
  }

  #kept(origin: string): string | undefined {
    const entries = this.#archive.entries.peek();
    return entries.find((one) => one.origin === origin && one.digest !== "")?.digest;
  }
}
