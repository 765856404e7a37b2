/** Numbers as a layman reads them. Pure functions, no DOM. */

/**
 * @typedef {import("./wire.js").Analysis} Analysis
 * @typedef {import("./wire.js").Interval} Interval
 * @typedef {import("./wire.js").LabelName} LabelName
 */

const VERY = 0.6;
const MOSTLY = 0.25;
const SLIGHTLY = 0.1;

const INTEGER = new Intl.NumberFormat("en");
const COMPACT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const DAY = new Intl.DateTimeFormat("en", { dateStyle: "medium" });

/** @type {Record<LabelName, string>} */
export const LABEL_WORDS = { negative: "Negative", neutral: "Neutral", positive: "Positive" };

/**
 * Say in a few words which way the comments lean.
 *
 * A lean that the interval does not separate from zero is called unclear.
 *
 * @param {Interval} score
 * @param {Interval | null} neutral share of neutral comments, to tell calm from divided
 * @returns {string} for instance "Mostly positive"
 */
export function verdict(score, neutral) {
  const side = score.value < 0 ? "negative" : "positive";
  const strength = Math.abs(score.value);
  if (strength < SLIGHTLY) {
    return (neutral?.value ?? 0) >= 0.5 ? "Mostly neutral" : "Mixed, about even";
  }
  const crossesZero =
    score.low !== null && score.high !== null && score.low <= 0 && score.high >= 0;
  if (crossesZero) return `Perhaps ${side}, too few comments to tell`;
  if (strength < MOSTLY) return `Slightly ${side}`;
  return strength < VERY ? `Mostly ${side}` : `Very ${side}`;
}

/**
 * @param {number} score in [-1, 1]
 * @returns {string} signed, two decimals, with a real minus
 */
export function signed(score) {
  const digits = Math.abs(score).toFixed(2);
  if (digits === "0.00") return digits;
  return `${score < 0 ? "−" : "+"}${digits}`;
}

/**
 * @param {number} share in [0, 1]
 * @returns {string} "<1%" rather than a zero that is none
 */
export function percent(share) {
  if (share > 0 && share < 0.005) return "<1%";
  return `${Math.round(share * 100)}%`;
}

/**
 * @param {Interval} share
 * @returns {string} for instance "17–24%"
 */
export function percentRange({ low, high }) {
  if (low === null || high === null) return "not known";
  return `${Math.round(low * 100)}–${Math.round(high * 100)}%`;
}

/**
 * @param {Interval} score
 * @returns {string} for instance "between +0.27 and +0.35"
 */
export function scoreRange({ low, high }) {
  if (low === null || high === null) return "how certain is not known";
  return `between ${signed(low)} and ${signed(high)}`;
}

/**
 * @param {number} count
 * @param {string} noun singular; an s makes the plural
 * @returns {string} for instance "1,204 likes"
 */
export function counted(count, noun) {
  return `${INTEGER.format(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** @param {number} count @returns {string} for instance "1,204" */
export function integer(count) {
  return INTEGER.format(count);
}

/** @param {number} count @returns {string} for instance "1.2K" */
export function compact(count) {
  return COMPACT.format(count);
}

/** @param {Date} date @returns {string} for instance "Jan 2, 2026" */
export function day(date) {
  return DAY.format(date);
}

/**
 * Say the whole result in one sentence, for screen readers.
 *
 * @param {Analysis} analysis
 * @returns {string}
 */
export function spokenResult(analysis) {
  const { score, shares, analysed, fetched } = analysis;
  const base = `${integer(analysed)} of ${counted(fetched, "comment")} analysed.`;
  if (score === null) return base;
  const words = verdict(score, shares.neutral);
  return `${words}, ${signed(score.value)}, ${scoreRange(score)}. ${base}`;
}
