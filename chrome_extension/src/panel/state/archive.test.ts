import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { MemoryStore } from "../../host/memory_store.ts";
import { Archive, SLOT_CHARACTERS } from "./archive.ts";
import { LONGEST_AGE_MS, SLOTS } from "./archive_index.ts";
import { ORIGIN, OTHER_VIDEO, VIDEO, analysisOf, comment, comments } from "./pretend.ts";

const DAY_MS = 86_400_000;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const result = (count = 3, title = "A title") => {
  const all = comments(count);
  const video = { title, comment_count: count, is_live: false };
  return { analysis: analysisOf(all, { video }), comments: all };
};

async function opened(store: MemoryStore): Promise<Archive> {
  const archive = new Archive(store);
  await archive.open();
  return archive;
}

test("another panel finds what one has kept", async () => {
  const store = new MemoryStore();
  await (await opened(store)).save(ORIGIN, VIDEO, result());
  const archive = await opened(store);
  expect(await archive.load(ORIGIN, VIDEO)).toEqual(result());
  expect(archive.entries.value).toMatchObject([{ videoId: VIDEO, title: "A title" }]);
});

test("a panel that is open hears of what another keeps", async () => {
  const store = new MemoryStore();
  const archive = await opened(store);
  await (await opened(store)).save(ORIGIN, VIDEO, result());
  expect(archive.entries.value).toHaveLength(1);
});

test("what another service said is not it", async () => {
  const archive = await opened(new MemoryStore());
  await archive.save(ORIGIN, VIDEO, result());
  expect(await archive.load("https://elsewhere.example", VIDEO)).toBeNull();
});

test("the oldest goes when there is no slot left", async () => {
  const archive = await opened(new MemoryStore());
  for (let video = 0; video <= SLOTS; video += 1) {
    vi.advanceTimersByTime(1_000);
    await archive.save(ORIGIN, `video${video}`, result());
  }
  const kept = archive.entries.value.map(({ videoId }) => videoId);
  expect(kept).toEqual(["video6", "video5", "video4", "video3", "video2", "video1"]);
  expect(await archive.load(ORIGIN, "video0")).toBeNull();
  expect(await archive.load(ORIGIN, "video1")).not.toBeNull();
});

/** As Chromium 150 counts, with the most bytes a character that were measured there. */
class SessionStore extends MemoryStore {
  readonly sizes = new Map<string, number>();

  constructor(readonly bytes = 10_485_760) {
    super();
  }

  override set(key: string, value: unknown): Promise<void> {
    const sizes = new Map(this.sizes).set(key, JSON.stringify(value).length * 3.3);
    const all = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    if (all > this.bytes) return Promise.reject(new Error("Session storage quota bytes exceeded."));
    this.sizes.set(key, sizes.get(key) ?? 0);
    return super.set(key, value);
  }

  override remove(key: string): Promise<void> {
    this.sizes.delete(key);
    return super.remove(key);
  }
}

async function keepLarge(archive: Archive, videos: number): Promise<void> {
  for (let video = 0; video < videos; video += 1) {
    vi.advanceTimersByTime(1_000);
    const all = comments(3_000, { text: "x".repeat(80) });
    await archive.save(ORIGIN, `video${video}`, { analysis: analysisOf(all), comments: all });
  }
}

test("the last six large videos are kept in Chrome's session, which has room left", async () => {
  const store = new SessionStore();
  const archive = await opened(store);
  await keepLarge(archive, 8);
  const kept = archive.entries.value.map(({ videoId }) => videoId);
  expect(kept).toEqual(["video7", "video6", "video5", "video4", "video3", "video2"]);
  await store.set("panel.corrections", Array(500).fill("x".repeat(300)));
  expect(await archive.load(ORIGIN, "video7")).not.toBeNull();
});

test("the oldest go when the store is full, however few there are", async () => {
  const archive = await opened(new SessionStore(3_000_000));
  await keepLarge(archive, 4);
  expect(archive.entries.value.map(({ videoId }) => videoId)).toEqual(["video3", "video2"]);
  expect(await archive.load(ORIGIN, "video3")).not.toBeNull();
});

test("what went in vain for one that finds no room at all is not listed", async () => {
  vi.spyOn(console, "warn").mockReturnValue();
  const store = new SessionStore(100_000);
  const archive = await opened(store);
  await archive.save(ORIGIN, VIDEO, result());
  await keepLarge(archive, 1);
  expect(archive.entries.value).toEqual([]);
  expect(await store.get("panel.results")).toEqual([]);
});

test("a slot has a size; the comments that the analysis names stay", async () => {
  const store = new MemoryStore();
  const long = comments(100).map((one) => ({ ...one, text: "x".repeat(10_000) }));
  const named = comment("named", { text: "short" });
  const analysis = analysisOf([]);
  analysis.labels.positive.most_liked = ["named"];
  await (await opened(store)).save(ORIGIN, VIDEO, { analysis, comments: [...long, named] });
  const kept = await (await opened(store)).load(ORIGIN, VIDEO);
  expect(kept?.comments.at(-1)?.id).toBe("named");
  expect(kept?.comments.length).toBeGreaterThan(10);
  expect(JSON.stringify(kept).length).toBeLessThan(SLOT_CHARACTERS + 1_000);
});

test("after a week nothing is known of it", async () => {
  const store = new MemoryStore();
  await (await opened(store)).save(ORIGIN, VIDEO, result());
  vi.advanceTimersByTime(LONGEST_AGE_MS + 1);
  const archive = await opened(store);
  expect(archive.entries.value).toEqual([]);
  expect(await archive.load(ORIGIN, VIDEO)).toBeNull();
});

const slotsOf = async (store: MemoryStore) => {
  const all = await Promise.all([...Array(SLOTS).keys()].map((slot) => store.get(`panel.result.${slot}`)));
  return all.flatMap((kept, slot) => (kept === undefined ? [] : [slot]));
};

test("after a week its texts are gone when a panel is opened", async () => {
  const store = new MemoryStore();
  await (await opened(store)).save(ORIGIN, VIDEO, result());
  vi.advanceTimersByTime(LONGEST_AGE_MS - 1);
  await (await opened(store)).save(ORIGIN, OTHER_VIDEO, result());
  vi.advanceTimersByTime(2);
  expect(await slotsOf(store)).toEqual([0, 1]);
  const archive = await opened(store);
  expect(await slotsOf(store)).toEqual([1]);
  expect(await store.get("panel.results")).toMatchObject([{ slot: 1, videoId: OTHER_VIDEO }]);
  expect(await archive.load(ORIGIN, OTHER_VIDEO)).not.toBeNull();
});

test("after a week its texts are gone when a panel that stayed open keeps another", async () => {
  const store = new MemoryStore();
  const archive = await opened(store);
  await archive.save(ORIGIN, VIDEO, result());
  await archive.save(ORIGIN, OTHER_VIDEO, result());
  vi.advanceTimersByTime(LONGEST_AGE_MS + 1);
  await archive.save(ORIGIN, "abcdefghij3", result());
  expect(await slotsOf(store)).toEqual([0]);
});

test("after a week a panel that stayed open doesn't show it, and removes it", async () => {
  const store = new MemoryStore();
  const archive = await opened(store);
  await archive.save(ORIGIN, VIDEO, result());
  vi.advanceTimersByTime(LONGEST_AGE_MS - 1);
  expect(await archive.load(ORIGIN, VIDEO)).not.toBeNull();
  vi.advanceTimersByTime(1);
  expect(await archive.load(ORIGIN, VIDEO)).toBeNull();
  expect(archive.entries.value).toEqual([]);
  expect(await slotsOf(store)).toEqual([]);
});

test("what the service fetched long ago is kept for less than a week", async () => {
  const store = new MemoryStore();
  const archive = await opened(store);
  const { analysis, comments: all } = result();
  const fetched_at = new Date(Date.now() - 29 * DAY_MS).toISOString();
  await archive.save(ORIGIN, VIDEO, { analysis: { ...analysis, fetched_at }, comments: all });
  vi.advanceTimersByTime(DAY_MS - 1);
  expect(await archive.load(ORIGIN, VIDEO)).not.toBeNull();
  vi.advanceTimersByTime(1);
  expect(await archive.load(ORIGIN, VIDEO)).toBeNull();
  expect(await slotsOf(store)).toEqual([]);
});

test("a slot that a killed panel left without a name is emptied", async () => {
  const store = new MemoryStore();
  await store.set("panel.result.3", { videoId: VIDEO, origin: ORIGIN, ...result() });
  await opened(store);
  expect(await slotsOf(store)).toEqual([]);
});

test.each([["nonsense"], [{ videoId: VIDEO, origin: ORIGIN, analysis: {}, comments: [{}] }]])(
  "a slot that can't be read is none: %j",
  async (raw) => {
    const store = new MemoryStore();
    await (await opened(store)).save(ORIGIN, VIDEO, result());
    await store.set("panel.result.0", raw);
    expect(await (await opened(store)).load(ORIGIN, VIDEO)).toBeNull();
  },
);

test("an index that can't be read is empty", async () => {
  const store = new MemoryStore();
  await store.set("panel.results", [{ slot: 99 }]);
  expect((await opened(store)).entries.value).toEqual([]);
});

test("a store that is full costs nothing but the keeping", async () => {
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  const store = new MemoryStore();
  vi.spyOn(store, "set").mockRejectedValue(new Error("QUOTA_BYTES"));
  const archive = await opened(store);
  await archive.save(ORIGIN, VIDEO, result());
  expect(archive.entries.value).toEqual([]);
  expect(warn).toHaveBeenCalledOnce();
});
