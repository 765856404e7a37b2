/**
 * The panel: one place in a page that shows one video's analysis, or why there is none.
 *
 * Owns the order of requests: an answer that comes after another video was chosen is dropped.
 */

import { commentsCard } from "./comments.js";
import { BUBBLE, WARNING, element, icon } from "./dom.js";
import { Problem } from "./problem.js";
import { countsCard, origin, scoreCard, sharesCard } from "./summary.js";
import { spokenResult } from "./words.js";

/**
 * @typedef {import("./wire.js").Analysis} Analysis
 *
 * @typedef {object} Panel
 * @property {(video: string) => Promise<void>} show ask for a video's analysis and show it
 * @property {(title: string, text: string) => void} rest show a message; drop what is under way
 */

/**
 * Make a panel inside `root`.
 *
 * @param {HTMLElement} root an empty element
 * @param {(video: string, signal: AbortSignal) => Promise<Analysis>} analyze
 * @param {(analysis: Analysis) => void} [onAnalysis] told of each analysis that is shown
 * @returns {Panel}
 */
export function createPanel(root, analyze, onAnalysis = () => {}) {
  const live = element("p", { class: "hidden", role: "status" });
  const view = element("div", { class: "panel-view" });
  root.replaceChildren(live, view);
  root.tabIndex = -1;
  let sequence = 0;
  let underWay = new AbortController();

  /** @param {string} sentence */
  const announce = (sentence) => {
    live.textContent = sentence;
  };
  /**
   * @param {"resting" | "loading" | "result" | "problem"} state
   * @param {HTMLElement[]} content
   */
  const render = (state, ...content) => {
    root.dataset.state = state;
    root.setAttribute("aria-busy", String(state === "loading"));
    const hadFocus = view.contains(document.activeElement);
    view.replaceChildren(...content);
    // The focused button is gone: keep a keyboard user in the panel, not at the page's start.
    if (hadFocus) root.focus();
  };
  const next = () => {
    underWay.abort();
    underWay = new AbortController();
    sequence += 1;
    return sequence;
  };

  /** @param {string} video */
  const show = async (video) => {
    const ticket = next();
    render("loading", skeleton());
    announce("Reading the comments…");
    try {
      const analysis = await analyze(video, underWay.signal);
      if (ticket !== sequence) return;
      render("result", ...result(analysis, announce));
      announce(analysis.fetched === 0 ? "No comments yet." : spokenResult(analysis));
      onAnalysis(analysis);
    } catch (error) {
      if (ticket !== sequence) return;
      const problem = error instanceof Problem ? error : new Problem("unknown");
      if (problem !== error) console.error(error);
      render("problem", problemCard(problem, () => show(video)));
      announce(`${problem.title}. ${problem.message}`);
    }
  };
  return {
    show,
    rest: (title, text) => {
      next();
      render("resting", messageCard(BUBBLE, title, text));
      announce("");
    },
  };
}

/**
 * @param {Analysis} analysis
 * @param {(sentence: string) => void} announce
 * @returns {HTMLElement[]}
 */
function result(analysis, announce) {
  if (analysis.fetched === 0) {
    return [
      messageCard(BUBBLE, "No comments yet", "Nobody has commented on this video."),
      origin(analysis),
    ];
  }
  const counts = countsCard(analysis);
  const cards = analysis.score === null ? [counts] : [sharesCard(analysis), counts];
  const comments = analysis.comments.length > 0 ? [commentsCard(analysis.comments, announce)] : [];
  return [scoreCard(analysis), ...cards, origin(analysis), ...comments];
}

/**
 * @param {string[]} paths of the icon
 * @param {string} title
 * @param {string} text
 * @param {HTMLElement[]} rest
 * @returns {HTMLElement}
 */
function messageCard(paths, title, text, ...rest) {
  return element(
    "section",
    { class: "card message", "aria-label": title },
    icon(paths, "icon message-icon"),
    element("h2", {}, title),
    element("p", { dir: "auto" }, text),
    ...rest,
  );
}

/**
 * @param {Problem} problem
 * @param {() => void} onRetry
 * @returns {HTMLElement}
 */
function problemCard(problem, onRetry) {
  const advice = element("p", { class: "muted", dir: "auto" }, problem.advice);
  if (!problem.canRetry) return messageCard(WARNING, problem.title, problem.message, advice);
  const retry = element("button", { type: "button", class: "button" }, "Try again");
  retry.addEventListener("click", onRetry);
  return messageCard(WARNING, problem.title, problem.message, advice, retry);
}

/** @returns {HTMLElement} grey shapes where the result will stand */
function skeleton() {
  const cards = ["tall", "tall", "short", "tall"].map((size) =>
    element("div", { class: `card skeleton skeleton-${size}` }),
  );
  return element(
    "div",
    { class: "panel-view", "aria-hidden": "true" },
    element("p", { class: "muted" }, "Reading the comments…"),
    ...cards,
  );
}
