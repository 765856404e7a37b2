import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { START, said, watched } from "./pretend_watching.ts";

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(START);
});
afterEach(() => vi.useRealTimers());

const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000);

describe("after the most relevant comments", () => {
  /** The newest 480 are none of those that are shown, and their mood is another one. */
  const mostRelevant = () => {
    const relevant = said(500, 0.5, START - 90 * 86_400_000);
    const all = watched(relevant, "relevance");
    all.find([...said(480, -0.5, START - 3_600_000), ...relevant.slice(-20)]);
    return all;
  };

  test("the newest are looked for at once, and none of them is new", async () => {
    const { watching, lookQuietly } = mostRelevant();
    watching.set(true);
    await pass(0);
    expect(lookQuietly).toHaveBeenCalledTimes(1);
    expect(watching.live.value.newComments).toBe(0);
    expect(watching.moodAlert.value).toBeNull();
    await pass(60);
    expect(lookQuietly).toHaveBeenCalledTimes(2);
    expect(watching.live.value.newComments).toBe(0);
    expect(watching.moodAlert.value).toBeNull();
  });

  test("what comes from then on is new, and is held against the newest", async () => {
    const { watching, come } = mostRelevant();
    watching.set(true);
    await pass(0);
    come(said(30, 0.5, START + 1_000));
    await pass(60);
    expect(watching.live.value.newComments).toBe(30);
    expect(watching.moodAlert.value?.from).toBeLessThan(0);
  });
});
