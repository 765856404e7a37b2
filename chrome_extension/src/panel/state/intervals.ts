/**
 * The service's two intervals, for the comments that are counted here: those loaded on the page.
 *
 * Counting only; same methods and numbers as `sentiment/analysis/summary.py`. The intervals are of
 * sampling: they do not say how often the model errs.
 */

/** The 97.5th percentile of the standard normal distribution. */
export const Z_95 = 1.959963984540054;

export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** How many numbers, their mean, and their variance (n - 1 in the denominator). */
export interface Sample {
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
}

/** @param values at least one */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Return what the scores to take a spread from have in common: with one -1 and one +1 added.
 *
 * Scores lie near -1, 0 and 1, and a few of them may hold none of a rare label yet: their own
 * spread says nothing of it. The idea is that of the two successes and two failures which Agresti
 * and Coull (1998, The American Statistician 52:119-126) add to a proportion.
 */
export function sampleWithBothEnds(scores: readonly number[]): Sample {
  const all = [...scores, -1, 1];
  const mean = meanOf(all);
  const squares = all.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  return { count: all.length, mean, variance: squares / (all.length - 1) };
}

/**
 * Return a proportion with Wilson's score interval (Wilson 1927, JASA 22:209-212).
 *
 * @param successes in [0, trials]
 * @param trials > 0
 */
export function wilson(successes: number, trials: number): Interval {
  const estimate = successes / trials;
  const spread = Z_95 ** 2 / trials;
  const centre = (estimate + spread / 2) / (1 + spread);
  const half =
    Math.sqrt(spread * estimate * (1 - estimate) + spread ** 2 / 4) / (1 + spread);
  // Rounding must not push a bound past the estimate at 0 and 1.
  return {
    estimate,
    low: Math.min(estimate, Math.max(0, centre - half)),
    high: Math.max(estimate, Math.min(1, centre + half)),
  };
}

/**
 * Return the mean of scores with a 95 % interval that holds it.
 *
 * Student's t interval (Student 1908, Biometrika 6:1-25) of the scores with both ends added, cut
 * to [-1, 1].
 *
 * @param scores each in [-1, 1]
 * @returns null for no scores
 */
export function meanScore(scores: readonly number[]): Interval | null {
  if (scores.length === 0) return null;
  const estimate = meanOf(scores);
  const { count, mean, variance } = sampleWithBothEnds(scores);
  const half = studentT(Z_95, count - 1) * Math.sqrt(variance / count);
  return {
    estimate,
    low: Math.max(-1, Math.min(estimate, mean - half)),
    high: Math.min(1, Math.max(estimate, mean + half)),
  };
}

/**
 * Return the percentile of Student's t that belongs to one of the normal distribution.
 *
 * Exact at the 97.5th for 1 and 2 degrees of freedom; else the series of Abramowitz and Stegun
 * 26.7.5: within 0.2 % at the 97.5th from 3 degrees on, and for a z of 4.4 from 12 on.
 *
 * @param z percentile of the standard normal distribution
 * @param degrees of freedom, >= 1, need not be whole
 */
export function studentT(z: number, degrees: number): number {
  if (z === Z_95 && degrees === 1) return Math.tan(Math.PI * 0.475);
  if (z === Z_95 && degrees === 2) return 0.95 * Math.sqrt(2 / (4 * 0.975 * 0.025));
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92_160,
  ];
  return terms.reduce((sum, term, index) => sum + term / degrees ** (index + 1), z);
}
