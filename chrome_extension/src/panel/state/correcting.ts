/**
 * The viewer's corrections: shown at once, stored by the service, undone by its id.
 *
 * They belong to comments, not to an analysis, and so outlive it. What is stored is remembered
 * while the browser runs, so that it can be undone after the panel was closed. A vote whose answer
 * was lost may be stored as well: it is taken back only when the service has said so.
 */

import { signal, type ReadonlySignal } from "@preact/signals";
import * as v from "valibot";

import { Problem, type ProblemCode } from "../../service/problem.ts";
import { labelNumber, type LabelName } from "../../service/wire.ts";
import type { Around, Service } from "./around.ts";
import { permittedService, problemOf } from "./asking.ts";
import type { Correction } from "./contract.ts";
import { KeptCorrections, type Stored } from "./kept_corrections.ts";

const VOTER_KEY = "voter";
const VoterSchema = v.pipe(v.string(), v.regex(/^[0-9a-f-]{36}$/));

/** What is known of one service, by comment; what is under way there says nothing of the next one. */
class Known {
  readonly stored = new Map<string, Stored>();
  /** Votes that were sent and got no answer: each may be stored, under an id that nobody told. */
  readonly unanswered = new Map<string, LabelName>();
  /** The last wish for each comment: only that one says how it stands. */
  readonly wishes = new Map<string, symbol>();
  /** What is under way: a second wish waits for the first. */
  readonly turns = new Map<string, Promise<void>>();
}

/** One wish: of which comment, at which service, and whether it still has the word. */
interface Wish {
  readonly commentId: string;
  readonly known: Known;
  readonly isLast: () => boolean;
}

export class Correcting {
  readonly #around: Around;
  readonly #kept: KeptCorrections;
  readonly #corrections = signal<ReadonlyMap<string, Correction>>(new Map());
  readonly #gone = new AbortController();
  #known = new Known();

  constructor(around: Around) {
    this.#around = around;
    this.#kept = new KeptCorrections(around.host.session);
  }

  get corrections(): ReadonlySignal<ReadonlyMap<string, Correction>> {
    return this.#corrections;
  }

  /** Read what was stored earlier by the service that is asked now; forget what another has. */
  async open(): Promise<void> {
    const known = new Known();
    this.#known = known;
    this.#corrections.value = new Map();
    const kept = await this.#kept.of(this.#around.service().origin);
    if (known !== this.#known) return;
    for (const stored of kept) {
      const { commentId, label } = stored;
      // What was wished and stored meanwhile is newer.
      if (!known.stored.has(commentId)) known.stored.set(commentId, stored);
      if (!known.wishes.has(commentId)) this.#show(commentId, label, "stored");
    }
  }

  /** Say what a comment's label should be; resolves when it is stored or has failed. */
  correct(commentId: string, label: LabelName): Promise<void> {
    this.#show(commentId, label, "sending");
    return this.#inTurn(commentId, (wish) => this.#send(wish, label));
  }

  /** Take a correction back; resolves to whether it is gone, and nothing else is wished by then. */
  async undo(commentId: string): Promise<boolean> {
    const correction = this.#corrections.peek().get(commentId);
    if (correction === undefined) return false;
    this.#show(commentId, correction.label, "undoing");
    let isGone = false;
    await this.#inTurn(commentId, async (wish) => {
      isGone = await this.#undo(wish);
    });
    return isGone;
  }

  dispose(): void {
    this.#gone.abort();
  }

  async #send(wish: Wish, label: LabelName): Promise<void> {
    const { commentId, isLast } = wish;
    try {
      const stored = await this.#vote(await permittedService(this.#around), wish, label);
      if (isLast()) this.#show(commentId, label, "stored");
      await this.#kept.put(stored);
    } catch (error) {
      if (isLast()) this.#show(commentId, label, "storing_failed", problemOf(error));
    }
  }

  async #undo(wish: Wish): Promise<boolean> {
    const { commentId, known, isLast } = wish;
    try {
      // One that the service refused or was never sent is gone as soon as it is no longer wished.
      if (known.unanswered.has(commentId) || known.stored.has(commentId)) await this.#takeBack(wish);
      if (!isLast()) return false;
      this.#hide(commentId);
      return true;
    } catch (error) {
      const label = known.stored.get(commentId)?.label ?? known.unanswered.get(commentId);
      // The service still has this one, or may have, whatever was wished since.
      if (label !== undefined && isLast()) {
        this.#show(commentId, label, "undoing_failed", problemOf(error));
      }
      return false;
    }
  }

  async #takeBack(wish: Wish): Promise<void> {
    const { commentId, known } = wish;
    const service = await permittedService(this.#around);
    const unanswered = known.unanswered.get(commentId);
    if (unanswered !== undefined) await this.#voteAgain(service, wish, unanswered);
    const stored = known.stored.get(commentId);
    if (stored === undefined) return;
    await this.#unsend(service, stored);
    known.stored.delete(commentId);
  }

  /** Send a vote that got no answer once more: that replaces it, and tells the id that undoes it. */
  async #voteAgain(service: Service, wish: Wish, label: LabelName): Promise<void> {
    try {
      await this.#kept.put(await this.#vote(service, wish, label));
    } catch (error) {
      // A service without the comment has no vote on it either.
      if (!hasCode(error, "comment_unknown")) throw error;
      wish.known.unanswered.delete(wish.commentId);
    }
  }

  async #vote(service: Service, { commentId, known }: Wish, label: LabelName): Promise<Stored> {
    const voter = await this.#voter();
    const before = known.unanswered.get(commentId);
    known.unanswered.set(commentId, label);
    try {
      const { signal: gone } = this.#gone;
      const { id } = await service.sendFeedback(commentId, labelNumber(label), voter, gone);
      const stored = { origin: service.origin, commentId, label, feedbackId: id };
      known.unanswered.delete(commentId);
      known.stored.set(commentId, stored);
      return stored;
    } catch (error) {
      if (isRefusal(error)) {
        known.unanswered.delete(commentId);
        // It did not replace an earlier one either.
        if (before !== undefined) known.unanswered.set(commentId, before);
      }
      throw error;
    }
  }

  async #unsend(service: Service, stored: Stored): Promise<void> {
    if (!(await this.#delete(service, stored))) {
      // Another panel may have voted since, which replaced this one.
      const kept = await this.#kept.of(stored.origin);
      const newer = kept.find(({ commentId }) => commentId === stored.commentId);
      if (newer !== undefined && newer.feedbackId !== stored.feedbackId) {
        await this.#delete(service, newer);
        await this.#kept.drop(newer);
      }
    }
    await this.#kept.drop(stored);
  }

  /** Return false where it is not there any more. */
  async #delete(service: Service, { feedbackId }: Stored): Promise<boolean> {
    try {
      await service.undoFeedback(feedbackId, this.#gone.signal);
      return true;
    } catch (error) {
      if (hasCode(error, "not_stored")) return false;
      throw error;
    }
  }

  #inTurn(commentId: string, work: (wish: Wish) => Promise<void>): Promise<void> {
    const known = this.#known;
    const mark = Symbol(commentId);
    known.wishes.set(commentId, mark);
    const isAsked = () => known === this.#known && !this.#gone.signal.aborted;
    const isLast = () => known.wishes.get(commentId) === mark && isAsked();
    const before = known.turns.get(commentId) ?? Promise.resolve();
    // What waited for its turn is no wish to the service that is asked instead.
    const mine = before.then(() => (isAsked() ? work({ commentId, known, isLast }) : undefined));
    known.turns.set(commentId, mine);
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

/** Whether the service has answered that it stores nothing; any other failure leaves that open. */
function isRefusal(error: unknown): boolean {
  return error instanceof Problem && error.status >= 400 && error.status < 500;
}

function hasCode(error: unknown, code: ProblemCode): boolean {
  return error instanceof Problem && error.code === code;
}
