/**
 * What was shown, kept while the browser runs, so that a panel that is opened again shows it at
 * once.
 *
 * Bounded by its shape: a few slots, each of a limited size. Several panels may write at the same
 * time; the worst that can happen is that a result is not kept. What is read is checked.
 */

import { signal, type ReadonlySignal } from "@preact/signals";
import * as v from "valibot";

import type { Store } from "../../host/host.ts";
import { AnalysisSchema, CommentSchema, type Analysis, type Comment } from "../../service/wire.ts";
import {
  INDEX_KEY,
  SLOTS,
  isTooOld,
  keptUntil,
  readIndex,
  removeAllBut,
  removeOld,
  slotKey,
  type Entry,
} from "./archive_index.ts";
import type { Gathered } from "./gathering.ts";

/**
 * Of a slot as JSON. Chrome counts memory: measured in Chromium 150, 2.3 to 3.3 bytes a character,
 * so that all slots take at most 8 of its 10 MB. A web page's 5 million characters hold them too.
 */
export const SLOT_CHARACTERS = 400_000;
const SlotSchema = v.object({
  videoId: v.string(),
  origin: v.string(),
  analysis: AnalysisSchema,
  comments: v.array(CommentSchema),
});

export class Archive {
  readonly #store: Store;
  readonly #entries = signal<readonly Entry[]>([]);
  readonly #end: () => void;
  #writing: Promise<void> = Promise.resolve();

  constructor(store: Store) {
    this.#store = store;
    this.#end = store.onChange(INDEX_KEY, (raw) => {
      this.#entries.value = readIndex(raw);
    });
  }

  /** What is kept, newest first. */
  get entries(): ReadonlySignal<readonly Entry[]> {
    return this.#entries;
  }

  /** Read the list of what is kept; what is too old goes for good. */
  async open(): Promise<void> {
    this.#entries.value = readIndex(await this.#store.get(INDEX_KEY));
    await this.#inTurn("what is too old can't be removed", () => removeOld(this.#store));
  }

  /** Return a video's result as it was kept; null if there is none that may and can be read. */
  async load(origin: string, videoId: string): Promise<Gathered | null> {
    const entry = this.#entries.peek().find((one) => isOf(one, origin, videoId));
    if (entry === undefined) return null;
    if (isTooOld(entry)) {
      // It was not yet when the list was read.
      await this.open();
      return null;
    }
    const slot = v.safeParse(SlotSchema, await this.#store.get(slotKey(entry.slot)));
    if (!slot.success || !isOf(slot.output, origin, videoId)) return null;
    return { analysis: slot.output.analysis, comments: slot.output.comments };
  }

  /** Keep a result; the oldest one goes when there is no slot, or no room, left. */
  save(origin: string, videoId: string, { analysis, comments }: Gathered): Promise<void> {
    const kept = fitting(analysis, comments, SLOT_CHARACTERS);
    return this.#inTurn("the result can't be kept", async () => {
      const others = readIndex(await this.#store.get(INDEX_KEY)).filter(
        (one) => !isOf(one, origin, videoId),
      );
      const entry: Entry = {
        slot: freeSlot(others),
        videoId,
        title: analysis.video.title?.slice(0, 500) ?? null,
        origin,
        digest: analysis.model.digest,
        savedAt: Date.now(),
        keptUntil: keptUntil(analysis),
      };
      await removeAllBut([entry, ...others], this.#store);
      const left = others.filter(({ slot }) => slot !== entry.slot);
      let index: readonly Entry[] = left;
      try {
        await this.#write(entry.slot, { videoId, origin, analysis, comments: kept }, left);
        index = [entry, ...left];
      } finally {
        // What went in vain is not named any more.
        await this.#store.set(INDEX_KEY, index);
        this.#entries.value = index;
      }
    });
  }

  /**
   * Write a slot; while the store is full the oldest of the others goes for it.
   *
   * @param others newest first; what went is taken out
   * @throws whatever the store throws, when none is left to go
   */
  async #write(slot: number, content: unknown, others: Entry[]): Promise<void> {
    for (;;) {
      try {
        await this.#store.set(slotKey(slot), content);
        return;
      } catch (error) {
        const oldest = others.pop();
        if (oldest === undefined) throw error;
        await this.#store.remove(slotKey(oldest.slot));
      }
    }
  }

  dispose(): void {
    this.#end();
  }

  /**
   * Write after what is being written. A store that fails, or is full, costs the convenience, not
   * the result on the screen.
   *
   * @param failure said in the log
   */
  #inTurn(failure: string, write: () => Promise<void>): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      try {
        await write();
      } catch (error) {
        console.warn(`side panel: ${failure}:`, error);
      }
    });
    return this.#writing;
  }
}

function isOf(
  one: { readonly origin: string; readonly videoId: string },
  origin: string,
  videoId: string,
): boolean {
  return one.origin === origin && one.videoId === videoId;
}

/** @param entries newest first */
function freeSlot(entries: readonly Entry[]): number {
  const taken = new Set(entries.map(({ slot }) => slot));
  for (let slot = 0; slot < SLOTS; slot += 1) if (!taken.has(slot)) return slot;
  return entries.at(-1)?.slot ?? 0;
}

/** Return as many comments as a slot has room for, first those that the analysis points at. */
function fitting(
  analysis: Analysis,
  comments: readonly Comment[],
  room: number,
): readonly Comment[] {
  const named = new Set(
    Object.values(analysis.labels).flatMap(({ most_liked, most_telling }) => [
      ...most_liked,
      ...most_telling,
    ]),
  );
  let left = room - JSON.stringify(analysis).length;
  const kept = new Set<Comment>();
  const keepWhatFits = (comment: Comment) => {
    const size = JSON.stringify(comment).length + 1;
    if (size > left) return;
    left -= size;
    kept.add(comment);
  };
  for (const comment of comments) if (named.has(comment.id)) keepWhatFits(comment);
  for (const comment of comments) if (!named.has(comment.id)) keepWhatFits(comment);
  return comments.filter((comment) => kept.has(comment));
}
