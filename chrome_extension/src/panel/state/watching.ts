/**
 * Watching live: looks for new comments while the panel is open and seen, and says when the mood
 * turns.
 *
 * A service that watches the video too says when comments have come; the next look is then due at
 * once. Ends with the video, and where the page's own comments are read. A look that fails is made
 * up for by a later one; what only the viewer can mend ends the watching.
 */

import { batch, computed, signal, type ReadonlySignal } from "@preact/signals";

import { Problem } from "../../service/problem.ts";
import type { Outcome } from "./analysing.ts";
import type { Around } from "./around.ts";
import type { LiveState, MoodAlert } from "./contract.ts";
import { Listening } from "./listening.ts";
import { NEWEST_LEAST, baselineOf, moodTurn, newerThan, type Baseline } from "./mood.ts";
import { pollSeconds } from "./poll_interval.ts";
import { retrySeconds } from "./retrying.ts";
import type { Shown } from "./shown.ts";

const OFF: LiveState = { on: false, nextPollAt: null, newComments: 0 };
const LONGEST_WAIT_S = 3_600;
/** However fast comments come. */
const SHORTEST_WAIT_MS = 2_000;

/** What looks for new comments and tells how that ended. */
export interface Looker {
  lookQuietly(): Promise<Outcome>;
}

export class Watching {
  readonly #around: Around;
  readonly #shown: Shown;
  readonly #looker: Looker;
  readonly #live = signal<LiveState>(OFF);
  readonly #moodAlert = signal<MoodAlert | null>(null);
  readonly #ends: (() => void)[];
  readonly #listening: Listening;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What the next comments are held against; null until something whole is shown. */
  #baseline: Baseline | null = null;
  /** Of when live was switched on: what is counted as new. */
  #start: Baseline | null = null;
  #alertedAt = -Infinity;
  #dueAt = 0;
  #lookedAt = -Infinity;
  #hasNews = false;
  #failures = 0;
  #isLooking = false;

  constructor(around: Around, shown: Shown, looker: Looker) {
    this.#around = around;
    this.#shown = shown;
    this.#looker = looker;
    this.#listening = new Listening(around, () => this.#hear());
    let last = shown.videoId.peek();
    this.#ends = [
      shown.videoId.subscribe((video) => {
        if (video !== last) this.#forget();
        last = video;
      }),
      // The page's own comments have no switch for it, and none of them has a time.
      shown.source.subscribe((source) => {
        if (source === "page") this.#forget();
      }),
      // A viewer who is not looking is not watching.
      computed(() => around.browser.visible.value && this.#live.value.on).subscribe((isSeen) => {
        if (isSeen) this.#arm();
        else this.#disarm();
      }),
    ];
  }

  get live(): ReadonlySignal<LiveState> {
    return this.#live;
  }

  get moodAlert(): ReadonlySignal<MoodAlert | null> {
    return this.#moodAlert;
  }

  set(on: boolean): void {
    if (on === this.#live.peek().on) return;
    // The page's own comments have no times, and a page without a video has none.
    if (on && (this.#shown.videoId.peek() === null || this.#shown.source.peek() === "page")) return;
    this.#baseline = null;
    this.#start = null;
    this.#failures = 0;
    this.#listening.forget();
    this.#dueAt = Date.now() + this.#waitSeconds() * 1_000;
    // The newest are what is watched, and are not what is shown.
    if (this.#shown.order.peek() === "relevance" && this.#mayHurry()) this.#dueAt = Date.now();
    if (on) this.#takeBaseline();
    this.#live.value = { ...OFF, on };
  }

  dismiss(): void {
    if (this.#moodAlert.peek() === null) return;
    this.#moodAlert.value = null;
    this.#notify(null);
  }

  dispose(): void {
    for (const end of this.#ends) end();
    clearTimeout(this.#timer);
    this.#listening.stop();
    this.dismiss();
  }

  #forget(): void {
    batch(() => {
      this.set(false);
      this.dismiss();
    });
    this.#alertedAt = -Infinity;
  }

  /**
   * Looks ask for the newest comments: only such are a baseline. The most relevant ones are of
   * other times and another mood, and all that is newer than they would pass for new.
   */
  #takeBaseline(): void {
    if (this.#baseline !== null || this.#shown.phase.peek().kind !== "complete") return;
    if (this.#shown.order.peek() !== "time") return;
    this.#baseline = baselineOf(this.#shown.comments.peek());
    this.#start = this.#baseline;
  }

  /** Bring the next look forward: comments have come. */
  #hear(): void {
    if (!this.#mayHurry()) return;
    this.#hasNews = true;
    if (this.#live.peek().nextPollAt !== null) this.#arm();
  }

  /** While the quota is short, looks keep their distance. */
  #mayHurry(): boolean {
    return this.#paceSeconds() <= this.#around.settings.peek().livePollSeconds;
  }

  #arm(): void {
    if (this.#isLooking) return;
    const video = this.#shown.videoId.peek();
    if (video !== null) this.#listening.start(video);
    if (this.#hasNews) {
      const soonest = Math.max(Date.now(), this.#lookedAt + SHORTEST_WAIT_MS);
      this.#dueAt = Math.min(this.#dueAt, soonest);
    }
    clearTimeout(this.#timer);
    this.#say({ nextPollAt: this.#dueAt });
    this.#timer = setTimeout(() => void this.#look(), Math.max(0, this.#dueAt - Date.now()));
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#listening.stop();
    this.#say({ nextPollAt: null });
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    // What comes from here on may not be in what is shown then.
    this.#hasNews = false;
    this.#lookedAt = Date.now();
    this.#say({ nextPollAt: null });
    this.#takeBaseline();
    const video = this.#shown.videoId.peek();
    const outcome = await this.#looker.lookQuietly();
    this.#isLooking = false;
    if (!this.#live.peek().on) return;
    // What was told of another video says nothing of this one.
    if (video === this.#shown.videoId.peek()) this.#learn(outcome);
    if (this.#live.peek().on && this.#around.browser.visible.peek()) this.#arm();
  }

  /** Take in how a look ended, and set when the next one is due. */
  #learn(outcome: Outcome): void {
    let waitSeconds = 0;
    if (outcome instanceof Problem) {
      if (!mayPass(outcome)) {
        this.set(false);
        this.#shown.fail(outcome, null);
        return;
      }
      this.#failures += 1;
      waitSeconds = outcome.retryAfterSeconds ?? 0;
    }
    if (outcome === "done") {
      this.#failures = 0;
      this.#takeBaseline();
      this.#weigh();
    }
    this.#dueAt = Date.now() + Math.max(waitSeconds, this.#waitSeconds()) * 1_000;
  }

  #paceSeconds(): number {
    const analysis = this.#shown.analysis.peek();
    return pollSeconds(
      this.#around.settings.peek().livePollSeconds,
      analysis?.quota ?? null,
      analysis?.units_spent ?? 1,
      Date.now(),
    );
  }

  #waitSeconds(): number {
    const seconds = this.#paceSeconds();
    const backedOff = seconds * 2 ** Math.min(this.#failures, 6);
    return Math.max(seconds, Math.min(backedOff, LONGEST_WAIT_S));
  }

  /** Count what is new and see whether the mood has turned. */
  #weigh(): void {
    const comments = this.#shown.comments.peek();
    if (this.#start === null || this.#baseline === null) return;
    this.#say({ newComments: newerThan(this.#start, comments).length });
    if (this.#baseline.scores.length < NEWEST_LEAST) {
      // A new video's few comments are no mood yet: the first look that finds enough is held against.
      this.#baseline = baselineOf(comments);
      return;
    }
    const { moodThreshold, moodCooldownMinutes } = this.#around.settings.peek();
    const now = Date.now();
    if (now - this.#alertedAt < moodCooldownMinutes * 60_000) return;
    const newer = newerThan(this.#baseline, comments);
    const turn = moodTurn(this.#baseline, newer, moodThreshold);
    if (turn === null) return;
    this.#alertedAt = now;
    // What comes next is held against the mood as it is now.
    this.#baseline = baselineOf(newer);
    this.#moodAlert.value = { ...turn, at: now };
    const { t, signed } = this.#around.words.peek();
    this.#notify(t("moodTurned", { from: signed(turn.from), to: signed(turn.to) }));
  }

  #notify(words: string | null): void {
    this.#around.host.notify(words).catch((error: unknown) => {
      console.warn("side panel: no notice outside of the panel:", error);
    });
  }

  #say(change: Partial<LiveState>): void {
    const now = this.#live.peek();
    const next = { ...now, ...change };
    if (next.nextPollAt === now.nextPollAt && next.newComments === now.newComments) return;
    this.#live.value = next;
  }
}

/** Whether a later look may go well without the viewer. */
function mayPass(problem: Problem): boolean {
  return problem.retryAfterSeconds !== null || retrySeconds(problem, 0) !== null;
}
