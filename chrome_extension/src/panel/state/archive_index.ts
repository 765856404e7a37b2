/**
 * What the archive holds, and until when: the list of it, apart from the results.
 *
 * The worker takes out with it what is too old, and reads no result for that.
 */

import * as v from "valibot";

import type { Store } from "../../host/host.ts";
import type { Analysis } from "../../service/wire.ts";

export const SLOTS = 6;
const DAY_MS = 86_400_000;
/** Of a result, however new its comments are. */
export const LONGEST_AGE_MS = 7 * DAY_MS;
/** What comes from YouTube is deleted or fetched anew within 30 days, by its policy. */
const POLICY_AGE_MS = 30 * DAY_MS;
export const INDEX_KEY = "panel.results";
export const slotKey = (slot: number) => `panel.result.${slot}`;

const EntrySchema = v.object({
  slot: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(SLOTS - 1)),
  videoId: v.pipe(v.string(), v.maxLength(64)),
  title: v.nullable(v.pipe(v.string(), v.maxLength(500))),
  /** Of the service that said it: another one's word is another result. */
  origin: v.string(),
  digest: v.string(),
  savedAt: v.pipe(v.number(), v.finite()),
  /** Ms since the epoch, as `savedAt` is. */
  keptUntil: v.pipe(v.number(), v.finite()),
});
const IndexSchema = v.pipe(v.array(EntrySchema), v.maxLength(SLOTS));

export type Entry = v.InferOutput<typeof EntrySchema>;

/** Return until when a result may be kept that is saved now. */
export function keptUntil({ fetched_at: fetchedAt }: Analysis): number {
  const week = Date.now() + LONGEST_AGE_MS;
  return fetchedAt === null ? week : Math.min(week, Date.parse(fetchedAt) + POLICY_AGE_MS);
}

export function isTooOld(entry: Entry): boolean {
  return entry.keptUntil <= Date.now();
}

/** Return what may still be kept, newest first. */
export function readIndex(raw: unknown): readonly Entry[] {
  const read = v.safeParse(IndexSchema, raw);
  if (!read.success) return [];
  return read.output.filter((entry) => !isTooOld(entry)).sort((a, b) => b.savedAt - a.savedAt);
}

/** Remove for good what is too old, and what no entry names. */
export async function removeOld(store: Store): Promise<void> {
  const raw = await store.get(INDEX_KEY);
  const entries = readIndex(raw);
  await removeAllBut(entries, store);
  // Written only then: another panel may have kept something in between.
  if (Array.isArray(raw) && raw.length > entries.length) await store.set(INDEX_KEY, entries);
}

/** Remove the slots that no entry names: their texts would stay as long as the browser runs. */
export async function removeAllBut(entries: readonly Entry[], store: Store): Promise<void> {
  const named = new Set(entries.map(({ slot }) => slot));
  const unnamed = [...Array(SLOTS).keys()].filter((slot) => !named.has(slot));
  await Promise.all(unnamed.map((slot) => store.remove(slotKey(slot))));
}
