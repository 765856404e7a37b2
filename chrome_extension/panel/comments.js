/** Draws the list of comments with its filter. Comment text is untrusted: text nodes only. */

import { LEFT_OUT, element, icon } from "./dom.js";
import { labelWord } from "./summary.js";
import { LABEL_WORDS, compact, counted, day, integer, percent } from "./words.js";

/**
 * @typedef {import("./wire.js").Comment} Comment
 * @typedef {import("./wire.js").LabelName} LabelName
 * @typedef {"all" | LabelName | "left_out"} Filter
 */

const PAGE_SIZE = 50;
const LONG_TEXT_CHARACTERS = 420;

/** @type {readonly Filter[]} */
const FILTERS = ["all", "positive", "neutral", "negative", "left_out"];
/** @type {Record<Filter, string>} */
const FILTER_WORDS = { ...LABEL_WORDS, all: "All", left_out: "Left out" };

/**
 * Draw the comments, some at a time, and the filter above them.
 *
 * @param {Comment[]} comments
 * @param {(sentence: string) => void} announce tells screen readers what changed
 * @returns {HTMLElement}
 */
export function commentsCard(comments, announce) {
  const list = element("ol", { class: "comments" });
  const more = element("button", { type: "button", class: "button wide" });
  let shown = comments;

  const addPage = () => {
    const start = list.childElementCount;
    list.append(...shown.slice(start, start + PAGE_SIZE).map(commentItem));
    const left = shown.length - list.childElementCount;
    more.hidden = left === 0;
    more.textContent = `Show ${integer(Math.min(left, PAGE_SIZE))} more of ${integer(left)}`;
    return list.children[start];
  };
  /** @param {Filter} filter */
  const choose = (filter) => {
    shown = comments.filter((comment) => passes(comment, filter));
    list.replaceChildren();
    addPage();
  };
  more.addEventListener("click", () => {
    const first = addPage();
    // The button may have vanished under the focus: go on where the new comments start.
    if (first instanceof HTMLElement) first.focus();
  });
  choose("all");

  return element(
    "section",
    { class: "card", "aria-label": "Comments" },
    element("h3", {}, "Comments"),
    filterBar(comments, (filter) => {
      choose(filter);
      announce(`${counted(shown.length, "comment")} shown.`);
    }),
    list,
    more,
  );
}

/**
 * @param {Comment} comment
 * @param {Filter} filter
 */
function passes(comment, filter) {
  if (filter === "all") return true;
  if (isLeftOut(comment)) return filter === "left_out";
  return comment.label === filter;
}

/** @param {Comment} comment */
function isLeftOut(comment) {
  return comment.status === "empty" || comment.status === "not_english";
}

/**
 * @param {Comment[]} comments
 * @param {(filter: Filter) => void} onChoice
 * @returns {HTMLElement}
 */
function filterBar(comments, onChoice) {
  const bar = element("fieldset", { class: "filters" });
  bar.append(element("legend", { class: "hidden" }, "Show comments"));
  for (const filter of FILTERS) {
    const count = comments.filter((comment) => passes(comment, filter)).length;
    if (count === 0 && filter === "left_out") continue;
    const input = element("input", { type: "radio", name: "filter", value: filter });
    input.checked = filter === "all";
    input.addEventListener("change", () => onChoice(filter));
    const words = element("span", {}, FILTER_WORDS[filter]);
    bar.append(
      element("label", { class: "chip" }, input, words, element("small", {}, integer(count))),
    );
  }
  return bar;
}

/**
 * @param {Comment} comment
 * @returns {HTMLElement}
 */
function commentItem(comment) {
  const head = element("div", { class: "comment-head" }, badge(comment));
  if (!isLeftOut(comment) && comment.confidence !== null) {
    head.append(element("span", { class: "muted" }, `${percent(comment.confidence)} sure`));
  }
  if (comment.status === "unsure") head.append(element("span", { class: "tag" }, "unsure"));
  const facts = element("div", { class: "comment-facts muted" });
  if (comment.isReply) facts.append(element("span", {}, "Reply"));
  if (comment.likes !== null) {
    const likes = `${compact(comment.likes)} like${comment.likes === 1 ? "" : "s"}`;
    facts.append(element("span", {}, likes));
  }
  if (comment.publishedAt !== null) {
    const moment = comment.publishedAt.toISOString();
    facts.append(element("time", { datetime: moment }, day(comment.publishedAt)));
  }
  return element("li", { class: "comment", tabindex: "-1" }, head, ...textOf(comment), facts);
}

/**
 * @param {Comment} comment
 * @returns {HTMLElement} its label, or why it was left out
 */
function badge(comment) {
  if (!isLeftOut(comment)) return labelWord(comment.label);
  const reason = comment.status === "empty" ? "No words" : "Not English";
  return element("span", { class: "label muted" }, icon(LEFT_OUT), element("span", {}, reason));
}

/**
 * @param {Comment} comment
 * @returns {HTMLElement[]} the text, and a button to unfold a long one
 */
function textOf(comment) {
  const text = element("p", { class: "comment-text", dir: "auto" }, comment.text);
  if (comment.text.length <= LONG_TEXT_CHARACTERS) return [text];
  const fold = element("button", { type: "button", class: "link" });
  /** @param {boolean} isFolded */
  const set = (isFolded) => {
    text.classList.toggle("folded", isFolded);
    fold.setAttribute("aria-expanded", String(!isFolded));
    fold.textContent = isFolded ? "Show all of it" : "Show less";
  };
  fold.addEventListener("click", () => set(!text.classList.contains("folded")));
  set(true);
  return [text, fold];
}
