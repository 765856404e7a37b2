/** What a live region says: short, and not so often that a screen reader never comes to rest. */

import { effect, signal, type ReadonlySignal } from "@preact/signals";

import { problemWords } from "../../text/problem_words.ts";
import type { Around } from "./around.ts";
import type { MoodAlert, Phase } from "./contract.ts";
import type { Shown } from "./shown.ts";

export const QUIET_MS = 4_000;

export class Announcer {
  readonly #sentence = signal("");
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waiting: string | null = null;

  get sentence(): ReadonlySignal<string> {
    return this.#sentence;
  }

  /** Say a sentence, now or when the last one has had its time; of several, the last is said. */
  announce(sentence: string): void {
    this.#waiting = sentence;
    if (this.#timer === undefined) this.#next();
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #next(): void {
    this.#timer = undefined;
    if (this.#waiting === null) return;
    this.#sentence.value = this.#waiting;
    this.#waiting = null;
    this.#timer = setTimeout(() => this.#next(), QUIET_MS);
  }
}

/** Announce each new state of the panel; returns what ends that. */
export function announcePhases(announcer: Announcer, shown: Shown, around: Around): () => void {
  let last: Phase["kind"] = "resting";
  return effect(() => {
    const phase = shown.phase.value;
    const { kind } = phase;
    const isNews = kind !== last;
    last = kind;
    if (!isNews) return;
    const sentence = sentenceOf(phase, shown, around);
    if (sentence !== "") announcer.announce(sentence);
  });
}

function sentenceOf(phase: Phase, shown: Shown, around: Around): string {
  const words = around.words.peek();
  if (phase.kind === "loading") return words.t("reading");
  if (phase.kind === "interrupted") return words.t("announceInterrupted");
  if (phase.kind === "problem") return problemWords(phase.problem, words).title;
  const analysis = shown.analysis.peek();
  if (analysis === null || phase.kind === "resting") return "";
  const key = phase.kind === "complete" ? "announceComplete" : "announceFirst";
  if (analysis.score === null) return words.t("noReadableTitle");
  return words.t(key, { count: analysis.analysed, score: words.signed(analysis.score.mean) });
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
    announcer.announce(t("moodTurned", { from: signed(alert.from), to: signed(alert.to) }));
  });
}
