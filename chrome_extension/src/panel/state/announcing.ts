/** What a live region says: short, and not so often that a screen reader never comes to rest. */

import { effect, signal, type ReadonlySignal } from "@preact/signals";

import type { Problem } from "../../service/problem.ts";
import { fetchedOf, type Analysis } from "../../service/wire.ts";
import type { Catalogue } from "../../text/catalogue.ts";
import { problemWords } from "../../text/problem_words.ts";
import type { Around } from "./around.ts";
import type { Comparison, MoodAlert, Phase, Source } from "./contract.ts";
import type { Shown } from "./shown.ts";

/** Between what the panel says by itself. */
export const QUIET_MS = 4_000;
/** Before the answer to something that the viewer did, who is waiting for it. */
export const PROMPT_MS = 1_000;
/** Neither seen nor heard; a sentence that equals the last one is another with it, and is told. */
const SILENCE = "\u00a0";

export class Announcer {
  readonly #sentence = signal("");
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saidAt = -Infinity;
  #answer: string | null = null;
  #news: string | null = null;

  get sentence(): ReadonlySignal<string> {
    return this.#sentence;
  }

  /** Say what came of the viewer's doing; of several, the last is said. */
  announce(sentence: string): void {
    this.#answer = sentence;
    this.#next();
  }

  /** Say what happened by itself, when the last sentence has had its time; the last is said. */
  report(sentence: string): void {
    this.#news = sentence;
    this.#next();
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #next(): void {
    clearTimeout(this.#timer);
    const sentence = this.#answer ?? this.#news;
    if (sentence === null) return;
    const pauseMs = this.#answer === null ? QUIET_MS : PROMPT_MS;
    const waitMs = this.#saidAt + pauseMs - Date.now();
    if (waitMs > 0) {
      this.#timer = setTimeout(() => this.#next(), waitMs);
      return;
    }
    if (this.#answer === null) this.#news = null;
    this.#answer = null;
    this.#saidAt = Date.now();
    const isSame = sentence === this.#sentence.peek();
    this.#sentence.value = isSame ? sentence + SILENCE : sentence;
    this.#next();
  }
}

/** Announce each new state of the panel; returns what ends that. */
export function announcePhases(announcer: Announcer, shown: Shown, around: Around): () => void {
  let last = "resting";
  return effect(() => {
    const phase = shown.phase.value;
    const state = stateOf(phase, shown);
    const isNews = state !== last;
    last = state;
    if (!isNews) return;
    const sentence = sentenceOf(phase, shown, around);
    if (sentence !== "") announcer.report(sentence);
  });
}

/** Name what is news when it changes. */
function stateOf(phase: Phase, shown: Shown): string {
  // A try that fails as the last one did is no news.
  if (phase.kind === "problem") return `problem ${phase.problem.code}`;
  // The first results that replace what is kept from earlier are.
  if (phase.kind === "streaming" && shown.stale.peek()) return "streaming unseen";
  return phase.kind;
}

function sentenceOf(phase: Phase, shown: Shown, around: Around): string {
  const words = around.words.peek();
  if (phase.kind === "loading") return words.t("reading");
  if (phase.kind === "interrupted") return words.t("announceInterrupted");
  if (phase.kind === "problem") return problemSentence(phase.problem, words);
  const analysis = shown.analysis.peek();
  if (analysis === null || phase.kind === "resting") return "";
  const isWhole = phase.kind === "complete";
  if (!isWhole && shown.stale.peek()) return words.t("fromEarlier");
  if (analysis.score === null) {
    // What is not whole may still turn out to have some.
    return isWhole ? noneSentence(analysis, shown.source.peek(), words) : "";
  }
  const key = isWhole ? "announceComplete" : "announceFirst";
  return words.t(key, { count: analysis.analysed, score: words.signed(analysis.score.mean) });
}

/** Say why a whole result has no score, as it stands in the panel. */
function noneSentence(analysis: Analysis, source: Source, { t }: Catalogue): string {
  if (fetchedOf(analysis) > 0) return t("noReadableTitle");
  return source === "page" ? `${t("noneLoadedTitle")}. ${t("noneLoadedText")}` : t("noCommentsTitle");
}

/** Announce each turn of the mood; returns what ends that. */
export function announceMood(
  announcer: Announcer,
  moodAlert: ReadonlySignal<MoodAlert | null>,
  around: Around,
): () => void {
  return moodAlert.subscribe((alert) => {
    if (alert === null) return;
    const { t, signed } = around.words.peek();
    announcer.report(t("moodTurned", { from: signed(alert.from), to: signed(alert.to) }));
  });
}

/** Announce what becomes of a comparison, for which the viewer has asked; returns what ends that. */
export function announceComparison(
  announcer: Announcer,
  comparison: ReadonlySignal<Comparison | null>,
  around: Around,
): () => void {
  return comparison.subscribe((now) => {
    if (now === null) return;
    const sentence = comparisonSentence(now, around.words.peek());
    if (sentence !== "") announcer.announce(sentence);
  });
}

function comparisonSentence(now: Comparison, words: Catalogue): string {
  if (now.kind === "loading") return words.t("reading");
  if (now.kind === "problem") return problemSentence(now.problem, words);
  if (now.problem !== null) return problemSentence(now.problem, words);
  if (now.isStale) return words.t("compareEarlier");
  return now.isPartial ? "" : words.t("compareReady");
}

function problemSentence(problem: Problem, words: Catalogue): string {
  const { title, text } = problemWords(problem, words);
  return `${title}. ${text}`;
}
