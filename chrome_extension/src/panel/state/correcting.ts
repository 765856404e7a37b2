/**
 * The viewer's corrections: shown at once, stored by the service, undone by its id.
 *
 * They belong to comments, not to an analysis, and so outlive it. What is stored is remembered
 * while the browser runs, so that it can be undone after the panel was closed.
 */

import { signal, type ReadonlySignal } from "@preact/signals";
import * as v from "valibot";

import { Problem } from "../../service/problem.ts";
import { LABEL_NAMES, labelNumber, type LabelName } from "../../service/wire.ts";
import type { Around } from "./around.ts";
import { permittedService, problemOf } from "./asking.ts";
import type { Correction } from "./contract.ts";

const VOTER_KEY = "voter";
const CORRECTIONS_KEY = "panel.corrections";
const MOST_KEPT = 500;

const VoterSchema = v.pipe(v.string(), v.regex(/^[0-9a-f-]{36}$/));
const StoredSchema = v.object({
  origin: v.string(),
  commentId: v.pipe(v.string(), v.maxLength(128)),
  label: v.picklist(LABEL_NAMES),
  /** What undoes it. */
  feedbackId: v.pipe(v.string(), v.maxLength(128)),
});
const KeptSchema = v.pipe(v.array(StoredSchema), v.maxLength(MOST_KEPT));
type Stored = v.InferOutput<typeof StoredSchema>;

export class Correcting {
  readonly #around: Around;
  readonly #corrections = signal<ReadonlyMap<string, Correction>>(new Map());
  /** By comment, of the service that is asked. */
  readonly #stored = new Map<string, Stored>();
  /** The last wish for each comment: only that one says how it stands. */
  readonly #wishes = new Map<string, symbol>();
  /** What is under way by comment: a second wish waits for the first. */
  readonly #turns = new Map<string, Promise<void>>();
  readonly #gone = new AbortController();
  #writing: Promise<void> = Promise.resolve();

  constructor(around: Around) {
    this.#around = around;
  }

  get corrections(): ReadonlySignal<ReadonlyMap<string, Correction>> {
    return this.#corrections;
  }

  /** Read what was stored earlier by the service that is asked now; forget what another has. */
  async open(): Promise<void> {
    const kept = await this.#kept();
    const { origin } = this.#around.service();
    const mine = kept.filter((one) => one.origin === origin);
    this.#stored.clear();
    for (const one of mine) this.#stored.set(one.commentId, one);
    this.#corrections.value = new Map(
      mine.map(({ commentId, label }) => [
        commentId,
        { commentId, label, state: "stored", problem: null },
      ]),
    );
  }

  /** Say what a comment's label should be; resolves when it is stored or has failed. */
  correct(commentId: string, label: LabelName): Promise<void> {
    this.#show(commentId, label, "sending");
    return this.#inTurn(commentId, (isLast) => this.#send(commentId, label, isLast));
  }

  /** Take a correction back; resolves when it is gone or that has failed. */
  undo(commentId: string): Promise<void> {
    const correction = this.#corrections.peek().get(commentId);
    if (correction === undefined) return Promise.resolve();
    this.#show(commentId, correction.label, "undoing");
    return this.#inTurn(commentId, (isLast) => this.#undo(commentId, isLast));
  }

  dispose(): void {
    this.#gone.abort();
  }

  async #send(commentId: string, label: LabelName, isLast: () => boolean): Promise<void> {
    try {
      const service = await permittedService(this.#around);
      const voter = await this.#voter();
      const { signal: gone } = this.#gone;
      const answer = await service.sendFeedback(commentId, labelNumber(label), voter, gone);
      const stored = { origin: service.origin, commentId, label, feedbackId: answer.id };
      this.#stored.set(commentId, stored);
      if (isLast()) this.#show(commentId, label, "stored");
      await this.#keep(stored.origin, commentId, stored);
    } catch (error) {
      if (isLast()) this.#show(commentId, label, "storing_failed", problemOf(error));
    }
  }

  async #undo(commentId: string, isLast: () => boolean): Promise<void> {
    const stored = this.#stored.get(commentId);
    // One that never reached the service is gone as soon as it is no longer wished.
    if (stored === undefined) {
      if (isLast()) this.#hide(commentId);
      return;
    }
    try {
      await this.#unsend(stored.feedbackId);
      this.#stored.delete(commentId);
      if (isLast()) this.#hide(commentId);
      await this.#keep(stored.origin, commentId, null);
    } catch (error) {
      // The service still has this one, whatever was wished since.
      if (!isLast()) return;
      this.#show(commentId, stored.label, "undoing_failed", problemOf(error));
    }
  }

  async #unsend(feedbackId: string): Promise<void> {
    const service = await permittedService(this.#around);
    try {
      await service.undoFeedback(feedbackId, this.#gone.signal);
    } catch (error) {
      // Not there any more is what was wished.
      if (!(error instanceof Problem && error.code === "not_stored")) throw error;
    }
  }

  #inTurn(commentId: string, work: (isLast: () => boolean) => Promise<void>): Promise<void> {
    const wish = Symbol(commentId);
    this.#wishes.set(commentId, wish);
    const isLast = () => this.#wishes.get(commentId) === wish && !this.#gone.signal.aborted;
    const before = this.#turns.get(commentId) ?? Promise.resolve();
    const mine = before.then(() => work(isLast));
    this.#turns.set(commentId, mine);
    return mine;
  }

  #show(
    commentId: string,
    label: LabelName,
    state: Correction["state"],
    problem: Problem | null = null,
  ): void {
    const next = new Map(this.#corrections.peek());
    next.set(commentId, { commentId, label, state, problem });
    this.#corrections.value = next;
  }

  #hide(commentId: string): void {
    const next = new Map(this.#corrections.peek());
    next.delete(commentId);
    this.#corrections.value = next;
  }

  /** Write one change down; other panels write to the same list. */
  #keep(origin: string, commentId: string, stored: Stored | null): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      try {
        const others = (await this.#kept()).filter(
          (one) => one.origin !== origin || one.commentId !== commentId,
        );
        const all = stored === null ? others : [...others, stored];
        await this.#around.host.session.set(CORRECTIONS_KEY, all.slice(-MOST_KEPT));
      } catch (error) {
        // The service has it; only undoing it after a closed panel is lost.
        console.warn("side panel: a correction can't be remembered:", error);
      }
    });
    return this.#writing;
  }

  async #kept(): Promise<Stored[]> {
    const read = v.safeParse(KeptSchema, await this.#around.host.session.get(CORRECTIONS_KEY));
    return read.success ? read.output : [];
  }

  /** A random word, so that a second vote replaces the first; it says nothing of the viewer. */
  async #voter(): Promise<string> {
    const { settings } = this.#around.host;
    const kept = v.safeParse(VoterSchema, await settings.get(VOTER_KEY));
    if (kept.success) return kept.output;
    const voter = crypto.randomUUID();
    await settings.set(VOTER_KEY, voter);
    return voter;
  }
}
