/** The list of comments as the viewer has set it: filter, order, and the list that follows. */

import { computed, signal, type ReadonlySignal } from "@preact/signals";

import type { Comment } from "../../service/wire.ts";
import { NO_FILTER, type Filter } from "./contract.ts";
import { matching, sorted } from "./filtering.ts";
import { FoldedTexts } from "./search.ts";

export interface CommentList {
  readonly filter: ReadonlySignal<Filter>;
  readonly shownComments: ReadonlySignal<readonly Comment[]>;
  setFilter(change: Partial<Filter>): void;
}

/**
 * Make the list over comments that may still be coming.
 *
 * Typing a search does not sort again, and what does not change the list leaves it the same array.
 */
export function commentList(comments: ReadonlySignal<readonly Comment[]>): CommentList {
  const filter = signal<Filter>(NO_FILTER);
  const texts = new FoldedTexts();
  const sort = computed(() => filter.value.sort);
  const inOrder = computed(() => sorted(comments.value, sort.value));
  let last: readonly Comment[] = [];
  const shownComments = computed(() => {
    const next = matching(inOrder.value, filter.value, texts);
    if (!isSame(last, next)) last = next;
    return last;
  });
  return {
    filter,
    shownComments,
    setFilter: (change) => {
      filter.value = { ...filter.peek(), ...change };
    },
  };
}

function isSame(before: readonly Comment[], after: readonly Comment[]): boolean {
  return before.length === after.length && before.every((comment, at) => comment === after[at]);
}
