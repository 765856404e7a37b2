/** Another video beside the one that is shown: a run of its own, ended by itself. */

import { signal, type ReadonlySignal } from "@preact/signals";

import { Problem } from "../../service/problem.ts";
import type { Analysis, Order } from "../../service/wire.ts";
import type { Archive } from "./archive.ts";
import type { Around } from "./around.ts";
import { idOf, permittedService, problemOf } from "./asking.ts";
import type { Comparison } from "./contract.ts";
import { Gathering } from "./gathering.ts";
import type { Shown } from "./shown.ts";
import { Turn } from "./turn.ts";

export class Comparing {
  readonly #around: Around;
  readonly #archive: Archive;
  readonly #shown: Shown;
  readonly #comparison = signal<Comparison | null>(null);
  readonly #ends: (() => void)[];
  #underWay = new Turn();
  /** In which the other video's comments were asked for. */
  #order: Order | null = null;

  constructor(around: Around, archive: Archive, shown: Shown) {
    this.#around = around;
    this.#archive = archive;
    this.#shown = shown;
    let last = shown.videoId.peek();
    this.#ends = [
      // The question was about that pair of videos.
      shown.videoId.subscribe((video) => {
        if (video !== last) this.end();
        last = video;
      }),
      // Of one video the newest, of the other the most relevant: that says nothing of the videos.
      shown.order.subscribe((order) => {
        if (order !== null && order !== this.#order) this.end();
      }),
    ];
  }

  get comparison(): ReadonlySignal<Comparison | null> {
    return this.#comparison;
  }

  /** Compare with a video, by id or address; what is kept of it is there at once. */
  start(typed: string): void {
    const video = idOf(typed.trim()) ?? typed.trim();
    this.#underWay.end();
    this.#underWay = new Turn();
    const order = this.#shown.order.peek() ?? this.#around.settings.peek().order;
    this.#order = order;
    this.#comparison.value = { kind: "loading", video };
    void this.#recall(video, this.#underWay);
    void this.#follow(video, order, this.#underWay);
  }

  end(): void {
    this.#underWay.end();
    this.#comparison.value = null;
  }

  dispose(): void {
    for (const end of this.#ends) end();
    this.end();
  }

  async #recall(video: string, turn: Turn): Promise<void> {
    const kept = await this.#archive.load(this.#around.service().origin, video);
    if (kept === null || turn.isOver || this.#comparison.peek()?.kind !== "loading") return;
    this.#ready(video, kept.analysis, { isStale: true });
  }

  async #follow(video: string, order: Order, turn: Turn): Promise<void> {
    const { maxComments } = this.#around.settings.peek();
    const gathering = new Gathering(order);
    try {
      const service = await permittedService(this.#around);
      if (turn.isOver) return;
      const { signal: ended } = turn;
      for await (const event of service.analyse(video, { maxComments, order, signal: ended })) {
        if (turn.isOver) return;
        const result = gathering.take(event);
        const isFirst = this.#comparison.peek()?.kind === "loading";
        // Numbers that jump are hard to compare: the first ones, then those at the end.
        if (result !== null && isFirst) this.#ready(video, result.analysis, { isPartial: true });
      }
      if (turn.isOver) return;
      if (gathering.last === null) throw new Problem("unexpected_answer");
      this.#ready(video, gathering.last.analysis);
      const known = idOf(video) ?? gathering.last.analysis.video_id;
      void this.#archive.save(service.origin, known, gathering.last);
    } catch (error) {
      if (turn.isOver) return;
      const problem = problemOf(error);
      const shown = this.#comparison.peek();
      // What is kept compares better than nothing.
      this.#comparison.value =
        shown?.kind === "ready" ? { ...shown, problem } : { kind: "problem", video, problem };
    }
  }

  #ready(
    video: string,
    analysis: Analysis,
    { isPartial = false, isStale = false }: { isPartial?: boolean; isStale?: boolean } = {},
  ): void {
    this.#comparison.value = { kind: "ready", video, analysis, isPartial, isStale, problem: null };
  }
}
