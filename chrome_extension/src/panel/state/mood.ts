/**
 * Whether the mood has turned: the mean score of the newest comments against a baseline.
 *
 * Two things must hold. The means differ by at least the viewer's threshold; and the difference is
 * not noise: 0 lies outside its 99.9 % interval by Welch's t (Welch 1947, Biometrika 34:28-35),
 * which does not take both spreads for equal. Not 95 %: the question is asked again at each look,
 * and one look in twenty would raise a false alarm. Few comments raise none, since t needs some.
 */

import type { Comment } from "../../service/wire.ts";
import { isRead, moment } from "./filtering.ts";
import { sampleOf, studentT, type Sample } from "./intervals.ts";

/** The 99.95th percentile of the standard normal distribution: 99.9 % between both. */
const Z_999 = 3.290526731491926;
export const NEWEST_MOST = 60;
/** From here on the series for t is good, and one furious commenter is no mood. */
export const NEWEST_LEAST = 15;

/** What the newest comments are held against. */
export interface Baseline {
  readonly sample: Sample | null;
  /** Ms since the epoch of its newest comment: later ones are new. */
  readonly until: number;
}

/** Take comments as the baseline. */
export function baselineOf(comments: readonly Comment[]): Baseline {
  const times = comments.flatMap(({ published_at }) => moment(published_at) ?? []);
  return {
    sample: sampleOf(scoresOf(comments)),
    until: times.reduce((latest, at) => Math.max(latest, at), -Infinity),
  };
}

/** Return the comments that were written after the baseline, newest first. */
export function newerThan(baseline: Baseline, comments: readonly Comment[]): Comment[] {
  return comments
    .flatMap((comment) => {
      const at = moment(comment.published_at);
      return at !== null && at > baseline.until ? [{ comment, at }] : [];
    })
    .sort((a, b) => b.at - a.at)
    .map(({ comment }) => comment);
}

/**
 * Return both means if the mood has turned, else null.
 *
 * @param newer newest first, as `newerThan` returns them
 * @param threshold on the scale of scores, > 0
 */
export function moodTurn(
  baseline: Baseline,
  newer: readonly Comment[],
  threshold: number,
): { readonly from: number; readonly to: number } | null {
  const before = baseline.sample;
  const after = sampleOf(scoresOf(newer).slice(0, NEWEST_MOST));
  if (before === null || after === null) return null;
  if (Math.min(before.count, after.count) < NEWEST_LEAST) return null;
  const turn = Math.abs(after.mean - before.mean);
  if (turn < threshold || turn <= halfInterval(before, after)) return null;
  return { from: before.mean, to: after.mean };
}

/** Half the width of the interval of the difference of two means. */
function halfInterval(a: Sample, b: Sample): number {
  const partA = a.variance / a.count;
  const partB = b.variance / b.count;
  const variance = partA + partB;
  if (variance === 0) return 0;
  // Welch-Satterthwaite.
  const degrees = variance ** 2 / (partA ** 2 / (a.count - 1) + partB ** 2 / (b.count - 1));
  return studentT(Z_999, degrees) * Math.sqrt(variance);
}

function scoresOf(comments: readonly Comment[]): number[] {
  return comments.flatMap((comment) =>
    isRead(comment) && comment.prediction.score !== null ? [comment.prediction.score] : [],
  );
}
