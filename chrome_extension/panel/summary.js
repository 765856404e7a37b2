/** Draws what is said of a whole video: verdict, score, shares, and what was counted. */

import { FACES, element, icon } from "./dom.js";
import { LABEL_NAMES } from "./wire.js";
import {
  LABEL_WORDS,
  counted,
  integer,
  percent,
  percentRange,
  scoreRange,
  signed,
  verdict,
} from "./words.js";

/**
 * @typedef {import("./wire.js").Analysis} Analysis
 * @typedef {import("./wire.js").Interval} Interval
 */

const SMALLEST_SHARE_WITH_FACE = 0.14;

/**
 * Draw the verdict with the score and its interval.
 *
 * @param {Analysis} analysis
 * @returns {HTMLElement}
 */
export function scoreCard({ score, shares }) {
  if (score === null) {
    return element(
      "section",
      { class: "card", "aria-label": "Result" },
      element("h2", { class: "verdict" }, "No readable comments"),
      element("p", { class: "muted" }, "No comment could be read, so there is no score."),
    );
  }
  return element(
    "section",
    { class: "card", "aria-label": "Result" },
    element("h2", { class: "verdict" }, verdict(score, shares.neutral)),
    element(
      "p",
      { class: "score-line" },
      element("strong", { class: "score" }, signed(score.value)),
      element("span", { class: "muted" }, scoreRange(score)),
    ),
    scale(score),
  );
}

/**
 * @param {Interval} score
 * @returns {HTMLElement} the line from -1 to +1 with the interval and the score marked
 */
function scale(score) {
  const low = score.low ?? score.value;
  const high = score.high ?? score.value;
  const range = element("span", { class: "scale-range" });
  range.style.insetInlineStart = position(low);
  range.style.inlineSize = `${((high - low) / 2) * 100}%`;
  const mark = element("span", { class: "scale-mark" });
  mark.style.insetInlineStart = position(score.value);
  return element(
    "div",
    {},
    element(
      "div",
      { class: "scale", "aria-hidden": "true" },
      element("span", { class: "scale-zero" }),
      range,
      mark,
    ),
    element(
      "div",
      { class: "scale-ends muted" },
      element("span", {}, "−1 all negative"),
      element("span", {}, "all positive +1"),
    ),
  );
}

/** @param {number} score in [-1, 1] */
function position(score) {
  return `${((Math.min(1, Math.max(-1, score)) + 1) / 2) * 100}%`;
}

/**
 * Draw the share of each label: a stacked bar, and the same in numbers with intervals.
 *
 * @param {Analysis} analysis
 * @returns {HTMLElement}
 */
export function sharesCard({ shares }) {
  const bar = element("div", { class: "bar", "aria-hidden": "true" });
  const body = element("tbody");
  for (const label of LABEL_NAMES) {
    const share = shares[label];
    if (share !== null && share.value > 0) {
      const part = element("span", { class: `bar-part fill-${label}` });
      part.style.flexGrow = String(share.value);
      if (share.value >= SMALLEST_SHARE_WITH_FACE) part.append(icon(FACES[label]));
      bar.append(part);
    }
    body.append(
      element(
        "tr",
        { "data-label": label },
        element("th", { scope: "row" }, labelWord(label)),
        element("td", { class: "share" }, share === null ? "–" : percent(share.value)),
        element("td", { class: "muted" }, share === null ? "" : percentRange(share)),
      ),
    );
  }
  const head = element("tr", {});
  for (const title of ["Feeling", "Share", "Likely range"]) {
    head.append(element("th", { scope: "col" }, title));
  }
  return element(
    "section",
    { class: "card", "aria-label": "Shares" },
    bar,
    element(
      "table",
      { class: "shares" },
      element("caption", { class: "hidden" }, "Share of each feeling, with its 95% interval"),
      element("thead", {}, head),
      body,
    ),
  );
}

/**
 * Draw a label as its face and its word.
 *
 * @param {import("./wire.js").LabelName} label
 * @returns {HTMLElement}
 */
export function labelWord(label) {
  return element(
    "span",
    { class: `label ink-${label}` },
    icon(FACES[label]),
    element("span", {}, LABEL_WORDS[label]),
  );
}

/**
 * Say how many comments were counted, and what became of the others.
 *
 * @param {Analysis} analysis
 * @returns {HTMLElement}
 */
export function countsCard({ analysed, fetched, complete, unsure, excluded }) {
  const notes = element("ul", { class: "notes" });
  /** @type {[number, string][]} */
  const rows = [
    [unsure, "unsure, counted all the same"],
    [excluded.notEnglish, "not in English, left out"],
    [excluded.empty, "without words, left out"],
  ];
  for (const [count, meaning] of rows) {
    if (count === 0) continue;
    notes.append(element("li", {}, element("b", {}, integer(count)), ` ${meaning}`));
  }
  if (!complete) notes.append(element("li", {}, "The video has more comments than were fetched."));
  return element(
    "section",
    { class: "card", "aria-label": "What was counted" },
    element(
      "p",
      { class: "counted" },
      `${integer(analysed)} of ${counted(fetched, "comment")} analysed`,
    ),
    ...(notes.childElementCount > 0 ? [notes] : []),
  );
}

/**
 * Say which model answered, and that these are no data of YouTube.
 *
 * @param {Analysis} analysis
 * @returns {HTMLElement}
 */
export function origin({ model, notice }) {
  const name = element("span", { dir: "auto" }, model.name || "unknown");
  const parts = [element("p", { class: "notice" }, notice), element("p", {}, "Model ", name)];
  if (model.digest !== "") {
    const digest = element("code", { title: `sha256 ${model.digest}` }, model.digest.slice(0, 12));
    parts[1]?.append(" · ", digest);
  }
  return element("div", { class: "origin muted" }, ...parts);
}
