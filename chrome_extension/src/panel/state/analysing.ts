/**
 * Asks for the analysis of the video that is shown, and puts what comes into `Shown`.
 *
 * Owns the order of requests. There is one run at a time; beginning another ends the one before
 * it, and after that nothing of it, however late, reaches what is shown.
 */

import type { AnalysisEvent } from "../../service/events.ts";
import { Problem } from "../../service/problem.ts";
import type { Order } from "../../service/wire.ts";
import type { Archive } from "./archive.ts";
import type { Around } from "./around.ts";
import { idOf, permittedService, problemOf } from "./asking.ts";
import type { Source } from "./contract.ts";
import { Gathering, type Gathered } from "./gathering.ts";
import { labelLoadedComments } from "./loaded_comments.ts";
import { ModelWatch } from "./model_watch.ts";
import { isLineProblem, retrySeconds } from "./retrying.ts";
import type { Shown } from "./shown.ts";
import { Turn } from "./turn.ts";

const SAVE_EVERY_MS = 3_000;
const LONGEST_TIMER_MS = 60_000;

/** How a quiet look ended; "dropped": something else was shown before it ended. */
export type Outcome = "done" | "dropped" | Problem;

/** `quiet`: nothing is shown before the end. */
interface Manner {
  readonly quiet: boolean;
  readonly order: Order;
}

export class Analysing {
  readonly #around: Around;
  readonly #archive: Archive;
  readonly #shown: Shown;
  readonly #models: ModelWatch;
  readonly #endWatching: () => void;
  #underWay = new Turn();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** How often it has been asked again by itself since the viewer last asked. */
  #tries = 0;

  constructor(around: Around, archive: Archive, shown: Shown) {
    this.#around = around;
    this.#archive = archive;
    this.#shown = shown;
    this.#models = new ModelWatch(archive, shown);
    this.#endWatching = around.browser.online.subscribe((isOnline) => {
      const phase = shown.phase.peek();
      if (isOnline && phase.kind === "problem" && isLineProblem(phase.problem)) this.#askAgain();
    });
  }

  /** Show a video, by id or address; null for none. */
  show(video: string | null): void {
    const turn = this.#begin();
    this.#tries = 0;
    this.#shown.moveTo(video === null ? null : (idOf(video) ?? video));
    if (video === null) return;
    void this.#recall(turn);
    void this.#follow(video, turn);
  }

  /** Ask again: what has failed, else the service. */
  retry(): void {
    this.#tries = 0;
    const hasFailed = this.#shown.phase.peek().kind === "problem";
    this.#ask(hasFailed ? this.#shown.source.peek() : "service");
  }

  useLoadedComments(): void {
    this.#tries = 0;
    this.#ask("page");
  }

  askService(): void {
    this.#tries = 0;
    this.#ask("service");
  }

  /** Look for new comments without a word until they are there; nothing else may be under way. */
  async lookQuietly(): Promise<Outcome> {
    const video = this.#shown.videoId.peek();
    const isIdle = this.#shown.phase.peek().kind === "complete";
    if (video === null || !isIdle || this.#shown.source.peek() === "page") return "dropped";
    return this.#run(video, this.#begin(), { quiet: true, order: "time" });
  }

  dispose(): void {
    this.#begin();
    this.#underWay.end();
    this.#endWatching();
  }

  /** End what is under way and waits; return the turn of what comes instead. */
  #begin(): Turn {
    clearTimeout(this.#timer);
    this.#underWay.end();
    this.#underWay = new Turn();
    return this.#underWay;
  }

  #askAgain(): void {
    this.#tries += 1;
    const video = this.#shown.videoId.peek();
    if (video === null) return;
    const turn = this.#begin();
    this.#shown.tryAgain();
    this.#go(video, this.#shown.source.peek(), turn);
  }

  #ask(source: Source): void {
    const video = this.#shown.videoId.peek();
    if (video === null) return;
    const turn = this.#begin();
    this.#shown.ask(source);
    this.#go(video, source, turn);
  }

  #go(video: string, source: Source, turn: Turn): void {
    if (source === "page") void this.#followPage(turn);
    else {
      if (this.#shown.analysis.peek() === null) void this.#recall(turn);
      void this.#follow(video, turn);
    }
  }

  async #recall(turn: Turn): Promise<void> {
    const video = this.#shown.videoId.peek();
    if (video === null) return;
    const kept = await this.#archive.load(this.#around.service().origin, video);
    if (kept === null || turn.isOver || this.#shown.analysis.peek() !== null) return;
    this.#shown.recall(kept);
    this.#around.host.commentsKnown(kept.comments);
  }

  async #follow(video: string, turn: Turn): Promise<void> {
    this.#models.begin();
    const { order } = this.#around.settings.peek();
    const outcome = await this.#run(video, turn, { quiet: false, order });
    if (outcome instanceof Problem) this.#fail(outcome);
  }

  async #followPage(turn: Turn): Promise<void> {
    this.#models.begin();
    let last: Gathered | null = null;
    try {
      const service = await permittedService(this.#around);
      const video = this.#shown.videoId.peek() ?? "";
      const notice = this.#around.words.peek().t("notice");
      const asked = { videoId: video, notice, signal: turn.signal };
      for await (const result of labelLoadedComments(this.#around.host, service, asked)) {
        if (turn.isOver) return;
        this.#models.saw(service.origin, result.analysis.model);
        this.#shown.give(result, { kind: "streaming" });
        last = result;
      }
      if (turn.isOver) return;
      if (last === null) throw new Problem("unexpected_answer");
      this.#shown.give(last, { kind: "complete" });
      this.#tries = 0;
    } catch (error) {
      if (!turn.isOver) this.#fail(problemOf(error));
    }
  }

  async #run(video: string, turn: Turn, manner: Manner): Promise<Outcome> {
    const { quiet, order } = manner;
    const gathering = new Gathering(order);
    try {
      const service = await permittedService(this.#around);
      const { maxComments } = this.#around.settings.peek();
      const { signal } = turn;
      let savedAt = Date.now();
      if (turn.isOver) return "dropped";
      for await (const event of service.analyse(video, { maxComments, order, signal })) {
        if (turn.isOver) return "dropped";
        this.#take(event, service.origin, gathering, manner);
        if (quiet || Date.now() - savedAt < SAVE_EVERY_MS) continue;
        savedAt = Date.now();
        this.#keep(service.origin);
      }
      if (turn.isOver) return "dropped";
      if (gathering.last === null) throw new Problem("unexpected_answer");
      this.#tries = 0;
      this.#shown.give(gathering.last, { kind: "complete" }, order);
      if (quiet) this.#around.host.commentsKnown(gathering.last.comments);
      this.#keep(service.origin);
      return "done";
    } catch (error) {
      return turn.isOver ? "dropped" : problemOf(error);
    }
  }

  #take(event: AnalysisEvent, origin: string, gathering: Gathering, manner: Manner): void {
    const result = gathering.take(event);
    if (event.kind === "started") {
      this.#models.saw(origin, event.model);
      const asked = this.#shown.videoId.peek() ?? "";
      // The service knows which video an address names.
      if (idOf(asked) === null && idOf(event.videoId) !== null) {
        this.#shown.videoId.value = event.videoId;
      }
    }
    if (manner.quiet) return;
    this.#shown.begin();
    if (event.kind === "interrupted") {
      this.#shown.phase.value = { kind: "interrupted", waitSeconds: event.waitSeconds };
    }
    if (result === null) return;
    this.#shown.give(result, { kind: "streaming" }, manner.order);
    this.#around.host.commentsKnown(this.#shown.comments.peek());
  }

  /** Keep what is shown, unless that is what was kept. */
  #keep(origin: string): void {
    const { videoId, analysis, stale, comments } = this.#shown;
    const video = videoId.peek();
    const shown = analysis.peek();
    if (video === null || shown === null || stale.peek()) return;
    const result = { analysis: shown, comments: comments.peek() };
    void this.#archive.save(origin, video, result);
  }

  #fail(problem: Problem): void {
    const seconds = retrySeconds(problem, this.#tries, this.#shown.analysis.peek());
    const at = seconds === null ? null : Date.now() + seconds * 1_000;
    this.#shown.fail(problem, at);
    if (at !== null) this.#askAgainAt(at);
  }

  #askAgainAt(at: number): void {
    const leftMs = at - Date.now();
    if (leftMs <= 0) this.#askAgain();
    else {
      // A timer stands still while the computer sleeps: a long one is set anew by the clock.
      this.#timer = setTimeout(() => this.#askAgainAt(at), Math.min(leftMs, LONGEST_TIMER_MS));
    }
  }
}
