/**
 * Waits for word of the service that comments of a watched video have come, so that a viewer need
 * not wait for the next look.
 *
 * Only a service that polls the video itself says so. Of any other, and while it can't be
 * reached, nothing is heard: then looking now and then is all there is.
 */

import { waitFor } from "../../service/line.ts";
import { asProblem } from "../../service/problem.ts";
import type { Around } from "./around.ts";

/** A service that answers at once is not asked without a pause. */
const PAUSE_S = 0.5;

export class Listening {
  readonly #around: Around;
  readonly #onNews: () => void;
  #end: AbortController | null = null;
  /** What was told last: what comes while nobody listens is heard afterwards. */
  #told: { readonly video: string; readonly token: string } | null = null;

  constructor(around: Around, onNews: () => void) {
    this.#around = around;
    this.#onNews = onNews;
  }

  /** Listen for a video, unless that is done already; `stop` ends it. */
  start(video: string): void {
    if (this.#end !== null) return;
    const end = new AbortController();
    this.#end = end;
    void this.#listen(video, end.signal).finally(() => {
      if (this.#end === end) this.#end = null;
    });
  }

  stop(): void {
    this.#end?.abort();
    this.#end = null;
  }

  /** Stop, and begin anew the next time: what has come by then is no news. */
  forget(): void {
    this.stop();
    this.#told = null;
  }

  async #listen(video: string, signal: AbortSignal): Promise<void> {
    const service = this.#around.service();
    let token = this.#told?.video === video ? this.#told.token : null;
    try {
      for (;;) {
        const next: string | null = await service.changes(video, token, signal);
        signal.throwIfAborted();
        if (next === null) return;
        if (token !== null && next !== token) this.#onNews();
        token = next;
        this.#told = { video, token };
        await waitFor(PAUSE_S, signal);
      }
    } catch (error) {
      if (signal.aborted) return;
      console.info("no word of new comments:", asProblem(error).code);
    }
  }
}
