/** Whether another model answers than did for the last analysis. */

import type { ModelInfo } from "../../service/wire.ts";
import type { Archive } from "./archive.ts";
import type { Shown } from "./shown.ts";

export class ModelWatch {
  readonly #archive: Archive;
  readonly #shown: Shown;
  /** Digest that answered last, by service. */
  readonly #last = new Map<string, string>();
  #mayForget = false;

  constructor(archive: Archive, shown: Shown) {
    this.#archive = archive;
    this.#shown = shown;
  }

  /** The viewer sees a new run begin: "the same model as before" is news again. */
  begin(): void {
    this.#mayForget = true;
  }

  /** A service has named its model. */
  saw(origin: string, model: ModelInfo): void {
    if (model.digest === "") return;
    const before = this.#last.get(origin) ?? this.#kept(origin);
    this.#last.set(origin, model.digest);
    this.#shown.model.value = model;
    if (before !== undefined && before !== model.digest) {
      this.#shown.modelChangedFrom.value = before;
    } else if (this.#mayForget) this.#shown.modelChangedFrom.value = null;
    this.#mayForget = false;
  }

  #kept(origin: string): string | undefined {
    const entries = this.#archive.entries.peek();
    return entries.find((one) => one.origin === origin && one.digest !== "")?.digest;
  }
}
