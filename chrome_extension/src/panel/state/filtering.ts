/**
 * Which comments are shown, and in what order. Pure functions; they change no list they are given.
 *
 * Filters go by what the model says; a viewer's correction moves no comment from under the hand.
 */

import { labelName, type Comment } from "../../service/wire.ts";
import type { Filter, LabelFilter, SortKey } from "./contract.ts";
import { FoldedTexts, folded } from "./search.ts";

const DATE_ONLY = /^(\d{4})-(\d{2})-(\d{2})$/;

/**
 * Return the comments that a filter lets through, in their order.
 *
 * @param texts remembers what searching has to prepare
 */
export function matching(
  comments: readonly Comment[],
  filter: Omit<Filter, "sort">,
  texts: FoldedTexts,
): readonly Comment[] {
  const tests = [
    ...labelTest(filter.labels),
    ...intentTest(filter),
    ...threadTest(filter.threads),
    ...timeTest(filter.since, filter.until),
    ...searchTest(filter.search, texts),
  ];
  if (tests.length === 0) return comments;
  return comments.filter((comment) => tests.every((test) => test(comment)));
}

/** Return the comments in an order; equal ones stay as they came, unknown values come last. */
export function sorted(comments: readonly Comment[], key: SortKey): readonly Comment[] {
  const rank = RANKS[key];
  const ranked = comments.map((comment, index) => ({ comment, index, rank: rank(comment) }));
  ranked.sort((a, b) => b.rank - a.rank || a.index - b.index);
  return ranked.map(({ comment }) => comment);
}

type Test = (comment: Comment) => boolean;

/** Lower than any value, yet two of them can be subtracted. */
const UNKNOWN = -Number.MAX_SAFE_INTEGER;

/** What is shown first has the highest rank. */
const RANKS: Readonly<Record<SortKey, (comment: Comment) => number>> = {
  likes: ({ like_count }) => like_count ?? UNKNOWN,
  newest: ({ published_at }) => moment(published_at) ?? UNKNOWN,
  oldest: ({ published_at }) => negated(moment(published_at)),
  score_high: (comment) => readScore(comment) ?? UNKNOWN,
  score_low: (comment) => negated(readScore(comment)),
  confidence: (comment) => (isRead(comment) ? comment.prediction.confidence : null) ?? UNKNOWN,
};

/** Whether the model has read the comment, so that it counts. */
export function isRead({ prediction }: Comment): boolean {
  return prediction.status === "ok" || prediction.status === "unsure";
}

function readScore(comment: Comment): number | null {
  return isRead(comment) ? comment.prediction.score : null;
}

function negated(value: number | null): number {
  return value === null ? UNKNOWN : -value;
}

/** Return a time in ms since the epoch; null for none. */
export function moment(time: string | null): number | null {
  const at = time === null ? Number.NaN : Date.parse(time);
  return Number.isNaN(at) ? null : at;
}

function labelTest(labels: readonly LabelFilter[]): Test[] {
  if (labels.length === 0) return [];
  const wanted = new Set<LabelFilter>(labels);
  return [
    (comment) => {
      const { label, status } = comment.prediction;
      if (!isRead(comment)) return wanted.has("left_out");
      return wanted.has(labelName(label)) || (status === "unsure" && wanted.has("unsure"));
    },
  ];
}

function intentTest({ intents }: Pick<Filter, "intents">): Test[] {
  if (intents.length === 0) return [];
  return [(comment) => comment.intents.some((intent) => intents.includes(intent))];
}

function threadTest(threads: Filter["threads"]): Test[] {
  if (threads === "all") return [];
  return [({ parent_id }) => (parent_id === null) === (threads === "top_level")];
}

/** A date without a time is the whole day by the viewer's clock, as the comments' days are. */
function timeTest(since: string | null, until: string | null): Test[] {
  const first = dayStart(since, 0) ?? moment(since);
  const nextDay = dayStart(until, 1);
  const last = nextDay === null ? moment(until) : nextDay - 1;
  if (first === null && last === null) return [];
  const end = last ?? Infinity;
  return [
    ({ published_at }) => {
      const at = moment(published_at);
      return at !== null && at >= (first ?? -Infinity) && at <= end;
    },
  ];
}

/** Return when a date begins, some days later; a day of that clock need not have 24 hours. */
function dayStart(date: string | null, daysLater: number): number | null {
  const [, year, month, day] = DATE_ONLY.exec(date ?? "") ?? [];
  if (day === undefined || moment(date) === null) return null;
  return new Date(Number(year), Number(month) - 1, Number(day) + daysLater).getTime();
}

function searchTest(search: string, texts: FoldedTexts): Test[] {
  const wanted = folded(search);
  return wanted === "" ? [] : [(comment) => texts.of(comment).includes(wanted)];
}
