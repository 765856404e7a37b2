/** A score in words, as a layman reads it. */

import type { Analysis, ScoreOf, ShareOf } from "../../service/wire.ts";
import type { Catalogue, MessageKey } from "../../text/catalogue.ts";

const VERY = 0.6;
const MOSTLY = 0.25;
const SLIGHTLY = 0.1;

/**
 * Say in a few words which way the comments lean.
 *
 * A lean that the interval does not separate from zero is called unclear.
 *
 * @param neutral share of neutral comments, to tell calm from divided
 */
export function verdict(score: ScoreOf, neutral: ShareOf): MessageKey {
  const side = score.mean < 0 ? "Negative" : "Positive";
  const strength = Math.abs(score.mean);
  if (strength < SLIGHTLY) return (neutral.share ?? 0) >= 0.5 ? "verdictNeutral" : "verdictMixed";
  const crossesZero =
    score.low !== null && score.high !== null && score.low <= 0 && score.high >= 0;
  if (crossesZero) return `verdictPerhaps${side}`;
  if (strength < MOSTLY) return `verdictSlightly${side}`;
  return strength < VERY ? `verdictMostly${side}` : `verdictVery${side}`;
}

/** For instance "between +0.27 and +0.35". */
export function scoreRange({ low, high }: ScoreOf, { t, signed }: Catalogue): string {
  if (low === null || high === null) return t("certaintyUnknown");
  return t("between", { low: signed(low), high: signed(high) });
}

/** For instance "17–24%". */
export function shareRange({ low, high }: ShareOf, { t, percent }: Catalogue): string {
  if (low === null || high === null) return t("unknownRange");
  return `${Math.round(low * 100)}–${percent(Math.round(high * 100) / 100)}`;
}

/** Fetched comments; an older service does not say how many. */
export function fetchedOf({ fetched, analysed, excluded }: Analysis): number {
  return fetched ?? analysed + excluded.empty + excluded.not_english;
}

/** The whole result in one sentence, for screen readers. */
export function spokenResult(analysis: Analysis, words: Catalogue): string {
  const count = fetchedOf(analysis);
  if (count === 0) return words.t("noCommentsTitle");
  const base = `${words.t("analysedOf", { analysed: words.integer(analysis.analysed), count })}.`;
  if (analysis.score === null) return base;
  const lean = words.t(verdict(analysis.score, analysis.shares.neutral));
  const { mean } = analysis.score;
  return `${lean}, ${words.signed(mean)}, ${scoreRange(analysis.score, words)}. ${base}`;
}
