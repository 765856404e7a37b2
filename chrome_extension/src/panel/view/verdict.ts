/** A score and shares in words, as a layman reads them. */

import {
  LABEL_NAMES,
  fetchedOf,
  type Analysis,
  type LabelName,
  type ScoreOf,
  type ShareOf,
} from "../../service/wire.ts";
import type { Catalogue, MessageKey } from "../../text/catalogue.ts";

const VERY = 0.6;
const MOSTLY = 0.25;
const SLIGHTLY = 0.1;

/**
 * Say in a few words which way the comments lean.
 *
 * A lean that the interval does not separate from zero is called unclear, and so is the lack of one
 * where the interval leaves room for it.
 *
 * @param neutral share of neutral comments, to tell calm from divided
 */
export function verdict(score: ScoreOf, neutral: ShareOf): MessageKey {
  const side = score.mean < 0 ? "Negative" : "Positive";
  const strength = Math.abs(score.mean);
  if (strength < SLIGHTLY) {
    const reach = Math.max(-(score.low ?? 0), score.high ?? 0);
    if (reach > MOSTLY) return "verdictUnclear";
    return (neutral.share ?? 0) >= 0.5 ? "verdictNeutral" : "verdictMixed";
  }
  const crossesZero =
    score.low !== null && score.high !== null && score.low <= 0 && score.high >= 0;
  if (crossesZero) return `verdictPerhaps${side}`;
  if (strength < MOSTLY) return `verdictSlightly${side}`;
  return strength < VERY ? `verdictMostly${side}` : `verdictVery${side}`;
}

/** Which face and colour go with a score. */
export function leaning({ mean }: ScoreOf): LabelName {
  if (Math.abs(mean) < SLIGHTLY) return "neutral";
  return mean < 0 ? "negative" : "positive";
}

/** For instance "between +0.27 and +0.35". */
export function scoreRange({ low, high }: ScoreOf, { t, signed }: Catalogue): string {
  if (low === null || high === null) return t("certaintyUnknown");
  return t("between", { low: signed(low), high: signed(high) });
}

/** For instance "give or take 4": percentage points, the wider side of the interval. */
export function giveOrTake({ share, low, high }: ShareOf, { t }: Catalogue): string {
  if (share === null || low === null || high === null) return t("certaintyUnknown");
  const points = Math.round(Math.max(high - share, share - low) * 100);
  return points < 1 ? t("giveOrTakeLess") : t("giveOrTake", { points });
}

const SENTENCES = {
  negative: "sentenceNegative",
  neutral: "sentenceNeutral",
  positive: "sentencePositive",
} as const satisfies Record<LabelName, MessageKey>;

/**
 * For instance "62% of the comments are positive, give or take 3."; null when not known.
 *
 * Where some were left out, the shares are of those that were read, and the sentence says so.
 */
export function largestShare(
  { shares, excluded }: Pick<Analysis, "shares" | "excluded">,
  words: Catalogue,
): string | null {
  const [largest] = LABEL_NAMES.toSorted((a, b) => (shares[b].share ?? -1) - (shares[a].share ?? -1));
  if (largest === undefined) return null;
  const { share } = shares[largest];
  if (share === null) return null;
  const margin = giveOrTake(shares[largest], words);
  const key = SENTENCES[largest];
  const isOfRead = excluded.empty + excluded.not_english > 0;
  return words.t(isOfRead ? `${key}OfRead` : key, { percent: words.percent(share), margin });
}

/** More than half of what was fetched is in a language that the model does not read. */
export function isMostlyOtherLanguage(analysis: Analysis): boolean {
  const fetched = fetchedOf(analysis);
  return fetched > 0 && analysis.excluded.not_english / fetched > 0.5;
}

/** Clearly apart: the intervals do not touch. Null where one is unknown. */
export function isClearlyApart(one: ScoreOf, other: ScoreOf): boolean | null {
  if (one.low === null || one.high === null || other.low === null || other.high === null) return null;
  return one.low > other.high || other.low > one.high;
}
