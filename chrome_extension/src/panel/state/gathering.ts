/** What the events of one run amount to so far. */

import type { AnalysisEvent } from "../../service/events.ts";
import type { Analysis, Comment, Order } from "../../service/wire.ts";

export interface Gathered {
  readonly analysis: Analysis;
  /** Those that the analysis counts, in the order they came; the same array while none came. */
  readonly comments: readonly Comment[];
}

export class Gathering {
  readonly #order: Order;
  readonly #seen = new Map<string, Comment>();
  #list: readonly Comment[] = [];
  #counted: number | null = null;
  #isChanged = false;
  #last: Gathered | null = null;

  /** @param order in which the service was asked for the comments. */
  constructor(order: Order) {
    this.#order = order;
  }

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
    const { fetched } = event.analysis;
    if (this.#isChanged || fetched !== this.#counted) {
      this.#list = counted([...this.#seen.values()], fetched, this.#order);
    }
    this.#isChanged = false;
    this.#counted = fetched;
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

/**
 * Return as many as are counted: the newest, or the first that came. The service tells of comments
 * as they come, and newer ones may push older ones, told before, out of what it counts.
 */
function counted(
  comments: readonly Comment[],
  count: number | null,
  order: Order,
): readonly Comment[] {
  if (count === null || comments.length <= count) return comments;
  if (order !== "time") return comments.slice(0, count);
  const kept = new Set(comments.toSorted((one, other) => when(other) - when(one)).slice(0, count));
  return comments.filter((comment) => kept.has(comment));
}

function when(comment: Comment): number {
  return comment.published_at === null ? 0 : Date.parse(comment.published_at);
}
