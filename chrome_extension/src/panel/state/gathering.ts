/** What the events of one run amount to so far. */

import type { AnalysisEvent } from "../../service/events.ts";
import type { Analysis, Comment } from "../../service/wire.ts";

export interface Gathered {
  readonly analysis: Analysis;
  /** In the order they came; the same array while none came. */
  readonly comments: readonly Comment[];
}

export class Gathering {
  readonly #seen = new Map<string, Comment>();
  #list: readonly Comment[] = [];
  #isChanged = false;
  #last: Gathered | null = null;

  /** The last whole result; null before the first. */
  get last(): Gathered | null {
    return this.#last;
  }

  /** Take an event in; return what is known now if it is a new result. */
  take(event: AnalysisEvent): Gathered | null {
    if (event.kind === "started") {
      this.#isChanged ||= this.#seen.size > 0;
      this.#seen.clear();
      this.#last = null;
    }
    if (event.kind === "comments") this.#add(event.comments);
    if (event.kind !== "analysis") return null;
    if (this.#isChanged) this.#list = [...this.#seen.values()];
    this.#isChanged = false;
    this.#last = { analysis: event.analysis, comments: this.#list };
    return this.#last;
  }

  #add(comments: readonly Comment[]): void {
    for (const comment of comments) {
      // A comment without an id can't be replaced by a later one.
      this.#seen.set(comment.id || `#${this.#seen.size}`, comment);
      this.#isChanged = true;
    }
  }
}
