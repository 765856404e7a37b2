/**
 * What the service answers, checked at the door so that the views can rely on it.
 *
 * A missing share or score becomes null and is shown as unknown, never as zero. Owns the order of
 * the labels.
 */

import { Problem } from "./problem.js";

/**
 * @typedef {"negative" | "neutral" | "positive"} LabelName
 * @typedef {"ok" | "unsure" | "empty" | "not_english"} Status
 *
 * @typedef {object} Interval a value in the middle of its 95 % interval
 * @property {number} value
 * @property {number | null} low
 * @property {number | null} high
 *
 * @typedef {object} Comment
 * @property {string} text untrusted
 * @property {boolean} isReply
 * @property {number | null} likes
 * @property {Date | null} publishedAt
 * @property {LabelName} label
 * @property {number | null} confidence in [0, 1]
 * @property {Status} status
 *
 * @typedef {object} Analysis
 * @property {string} videoId
 * @property {number} analysed readable comments, which the shares and the score are over
 * @property {number} fetched
 * @property {boolean} complete whether these are all comments of the video
 * @property {number} unsure
 * @property {{empty: number, notEnglish: number}} excluded
 * @property {Record<LabelName, Interval | null>} shares
 * @property {Interval | null} score in [-1, 1]
 * @property {Comment[]} comments
 * @property {{name: string, digest: string}} model
 * @property {string} notice
 */

/** @type {readonly LabelName[]} */
export const LABEL_NAMES = ["negative", "neutral", "positive"];

const NOTICE = "Computed by this tool, not YouTube data.";
/** @type {readonly Status[]} */
const STATUSES = ["ok", "unsure", "empty", "not_english"];

/**
 * Read the body of `POST /v1/analyze`.
 *
 * @param {unknown} body
 * @returns {Analysis}
 * @throws {Problem} the body is no analysis
 */
export function readAnalysis(body) {
  const analysis = asRecord(body);
  const analysed = asNumber(analysis.analysed);
  if (analysed === null || !Array.isArray(analysis.comments)) {
    throw new Problem("unexpected_answer", { message: "The answer holds no analysis." });
  }
  const shares = asRecord(analysis.shares);
  const excluded = asRecord(analysis.excluded);
  const model = asRecord(analysis.model);
  const empty = asNumber(excluded.empty) ?? 0;
  const notEnglish = asNumber(excluded.not_english) ?? 0;
  return {
    videoId: asText(analysis.video_id),
    analysed,
    fetched: asNumber(analysis.fetched) ?? analysed + empty + notEnglish,
    complete: analysis.complete === true,
    unsure: asNumber(analysis.unsure) ?? 0,
    excluded: { empty, notEnglish },
    shares: {
      negative: readInterval(shares.negative, "share"),
      neutral: readInterval(shares.neutral, "share"),
      positive: readInterval(shares.positive, "share"),
    },
    score: readInterval(analysis.score, "mean"),
    comments: analysis.comments.flatMap(readComment),
    model: { name: asText(model.name), digest: asText(model.digest) },
    notice: asText(analysis.notice) || NOTICE,
  };
}

/**
 * @param {unknown} raw
 * @param {"share" | "mean"} key name of the middle value
 * @returns {Interval | null}
 */
function readInterval(raw, key) {
  const record = asRecord(raw);
  const value = asNumber(record[key]);
  if (value === null) return null;
  return { value, low: asNumber(record.low), high: asNumber(record.high) };
}

/**
 * @param {unknown} raw
 * @returns {Comment[]} one, or none if there is no prediction to show
 */
function readComment(raw) {
  const comment = asRecord(raw);
  const prediction = asRecord(comment.prediction);
  const label = LABEL_NAMES[(asNumber(prediction.label) ?? NaN) + 1];
  const status = STATUSES.find((known) => known === prediction.status);
  if (label === undefined || status === undefined || typeof comment.text !== "string") return [];
  const publishedAt = new Date(asText(comment.published_at));
  return [
    {
      text: comment.text,
      isReply: typeof comment.parent_id === "string",
      likes: asNumber(comment.like_count),
      publishedAt: Number.isNaN(publishedAt.getTime()) ? null : publishedAt,
      label,
      confidence: asNumber(prediction.confidence),
      status,
    },
  ];
}

/**
 * @param {unknown} value
 * @returns {Record<string, unknown>} empty for anything that is no JSON object
 */
export function asRecord(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? /** @type {Record<string, unknown>} */ (value)
    : {};
}

/** @param {unknown} value */
function asNumber(value) {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** @param {unknown} value */
function asText(value) {
  return typeof value === "string" ? value : "";
}
