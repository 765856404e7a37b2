/** Which corrections services have stored, remembered while the browser runs: one list for all panels. */

import * as v from "valibot";

import type { Store } from "../../host/host.ts";
import { LABEL_NAMES } from "../../service/wire.ts";

const CORRECTIONS_KEY = "panel.corrections";
const MOST_KEPT = 500;

const StoredSchema = v.object({
  origin: v.string(),
  commentId: v.pipe(v.string(), v.maxLength(128)),
  label: v.picklist(LABEL_NAMES),
  /** What undoes it. */
  feedbackId: v.pipe(v.string(), v.maxLength(128)),
});
const KeptSchema = v.pipe(v.array(StoredSchema), v.maxLength(MOST_KEPT));
export type Stored = v.InferOutput<typeof StoredSchema>;

export class KeptCorrections {
  readonly #store: Store;
  #writing: Promise<void> = Promise.resolve();

  constructor(store: Store) {
    this.#store = store;
  }

  async of(origin: string): Promise<Stored[]> {
    return (await this.#all()).filter((one) => one.origin === origin);
  }

  /** Write down a vote; it replaced the one before it on the same comment. */
  put(stored: Stored): Promise<void> {
    return this.#change((all) => [
      ...all.filter((one) => one.origin !== stored.origin || one.commentId !== stored.commentId),
      stored,
    ]);
  }

  /** Forget a vote; another one on the same comment, which another panel put, stays. */
  drop({ origin, feedbackId }: Stored): Promise<void> {
    return this.#change((all) =>
      all.filter((one) => one.origin !== origin || one.feedbackId !== feedbackId),
    );
  }

  #change(changed: (all: Stored[]) => Stored[]): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      try {
        await this.#store.set(CORRECTIONS_KEY, changed(await this.#all()).slice(-MOST_KEPT));
      } catch (error) {
        // The service has it; only undoing it after a closed panel is lost.
        console.warn("side panel: a correction can't be remembered:", error);
      }
    });
    return this.#writing;
  }

  async #all(): Promise<Stored[]> {
    const read = v.safeParse(KeptSchema, await this.#store.get(CORRECTIONS_KEY));
    return read.success ? read.output : [];
  }
}
