/**
 * Whether the mood has turned: the mean score of the newest comments against a baseline.
 *
 * Two things must hold. The means differ by at least the viewer's threshold; and the difference is
 * not noise: 0 lies outside its interval by Welch's t (Welch 1947, Biometrika 34:28-35), which does
 * not take both spreads for equal. Its width is chosen for all looks together, since the question
 * is asked again at each. Few comments raise no alarm, since t needs some.
 */

import type { Comment } from "../../service/wire.ts";
import { isRead, moment } from "./filtering.ts";
import { meanOf, sampleWithBothEnds, studentT, type Sample } from "./intervals.ts";

/**
 * Of the standard normal distribution. With a look at each of 1,000 comments of a steady mood,
 * 2,000 simulated videos a mixture of labels, 0.4 to 2.9 % of them raise a false alarm at a
 * threshold of 0.25 (3.29, which is 99.9 % for one look alone: 7 to 25 %).
 */
const Z_OF_ALL_LOOKS = 4.4;
export const NEWEST_MOST = 60;
/** From here on the series for t is good, and one furious commenter is no mood. */
export const NEWEST_LEAST = 15;

/** What the newest comments are held against. */
export interface Baseline {
  readonly scores: readonly number[];
  /** Ms since the epoch of its newest comment: later ones are new. */
  readonly until: number;
}

/** Take comments as the baseline. */
export function baselineOf(comments: readonly Comment[]): Baseline {
  const times = comments.flatMap(({ published_at }) => moment(published_at) ?? []);
  return {
    scores: scoresOf(comments),
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
  const before = baseline.scores;
  const after = scoresOf(newer).slice(0, NEWEST_MOST);
  if (Math.min(before.length, after.length) < NEWEST_LEAST) return null;
  const [from, to] = [meanOf(before), meanOf(after)];
  const turn = Math.abs(to - from);
  if (turn < threshold) return null;
  const half = halfInterval(sampleWithBothEnds(before), sampleWithBothEnds(after));
  return turn > half ? { from, to } : null;
}

/** Half the width of the interval of the difference of two means. */
function halfInterval(a: Sample, b: Sample): number {
  const partA = a.variance / a.count;
  const partB = b.variance / b.count;
  const variance = partA + partB;
  // Welch-Satterthwaite.
  const degrees = variance ** 2 / (partA ** 2 / (a.count - 1) + partB ** 2 / (b.count - 1));
  return studentT(Z_OF_ALL_LOOKS, degrees) * Math.sqrt(variance);
}

function scoresOf(comments: readonly Comment[]): number[] {
  return comments.flatMap((comment) =>
    isRead(comment) && comment.prediction.score !== null ? [comment.prediction.score] : [],
  );
}
