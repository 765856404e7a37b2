/** What stands in the panel: the signals, and the few ways in which they change together. */

import { batch, computed, signal } from "@preact/signals";

import type { Problem } from "../../service/problem.ts";
import type { Analysis, Comment, ModelInfo, Order } from "../../service/wire.ts";
import type { Phase, Source } from "./contract.ts";
import type { Gathered } from "./gathering.ts";

const NO_COMMENTS: readonly Comment[] = [];

export class Shown {
  readonly videoId = signal<string | null>(null);
  readonly phase = signal<Phase>({ kind: "resting" });
  readonly source = signal<Source>("service");
  readonly analysis = signal<Analysis | null>(null);
  readonly stale = signal(false);
  readonly model = signal<ModelInfo | null>(null);
  readonly modelChangedFrom = signal<string | null>(null);
  /** Which comments came first where not all were read; null: not known. */
  readonly order = signal<Order | null>(null);
  readonly comments = signal<readonly Comment[]>(NO_COMMENTS);
  readonly commentById = computed<ReadonlyMap<string, Comment>>(
    () =>
      new Map(
        this.comments.value.flatMap((one) => (one.id === "" ? [] : [[one.id, one] as const])),
      ),
  );

  /** Another video, or none: nothing of the last one stays. */
  moveTo(videoId: string | null): void {
    batch(() => {
      this.videoId.value = videoId;
      this.source.value = "service";
      this.clear();
      this.modelChangedFrom.value = null;
      this.phase.value = videoId === null ? { kind: "resting" } : { kind: "loading" };
    });
  }

  /** Ask again; what is there stays, as something from earlier. */
  ask(source: Source): void {
    batch(() => {
      if (source !== this.source.value) this.clear();
      this.source.value = source;
      this.stale.value = this.analysis.value !== null;
      this.phase.value = { kind: "loading" };
    });
  }

  /** Ask again without the viewer: the problem stays until there is something else to show. */
  tryAgain(): void {
    const phase = this.phase.value;
    if (phase.kind !== "problem") return;
    batch(() => {
      this.stale.value = this.analysis.value !== null;
      this.phase.value = { ...phase, retryAt: Date.now() };
    });
  }

  /** The service has begun to answer. */
  begin(): void {
    if (this.phase.value.kind === "problem") this.phase.value = { kind: "loading" };
  }

  /** Show what was kept from earlier, unless something newer is there. */
  recall(kept: Gathered): void {
    if (this.analysis.value !== null) return;
    batch(() => {
      this.#put(kept, null);
      this.stale.value = true;
    });
  }

  /** Show a result. What is kept from earlier gives way to one that is as large, or whole. */
  give(result: Gathered, phase: Phase, order: Order | null = null): void {
    const before = this.analysis.value;
    const isSmaller = before !== null && size(result.analysis) < size(before);
    batch(() => {
      this.phase.value = phase;
      if (this.stale.value && isSmaller && phase.kind !== "complete") return;
      this.#put(result, order);
      this.stale.value = false;
    });
  }

  fail(problem: Problem, retryAt: number | null): void {
    this.phase.value = { kind: "problem", problem, retryAt };
  }

  clear(): void {
    this.analysis.value = null;
    this.comments.value = NO_COMMENTS;
    this.stale.value = false;
    this.model.value = null;
  }

  #put({ analysis, comments }: Gathered, order: Order | null): void {
    this.order.value = order;
    this.analysis.value = analysis;
    this.comments.value = comments;
    if (analysis.model.digest !== "") this.model.value = analysis.model;
  }
}

function size({ analysed, excluded }: Analysis): number {
  return analysed + excluded.empty + excluded.not_english;
}
