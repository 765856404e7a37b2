import { expect, test } from "vitest";

import { baselineOf, moodTurn, newerThan, NEWEST_LEAST, NEWEST_MOST } from "./mood.ts";
import { comment, prediction } from "./pretend.ts";

/** Comments a second apart, with these scores. */
function said(scores: readonly number[], from = "2026-01-01T00:00:00Z") {
  return scores.map((score, at) =>
    comment(`c${from}${at}`, {
      published_at: new Date(Date.parse(from) + at * 1_000).toISOString(),
      prediction: prediction(score),
    }),
  );
}

/** A random number generator that says the same each time (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const LATER = "2026-01-02T00:00:00Z";
const mixed = (count: number, mean: number, swing = 0.5) =>
  Array.from({ length: count }, (_, at) => mean + (at % 2 === 0 ? swing : -swing));

test("a clear turn is told with both means", () => {
  const baseline = baselineOf(said(mixed(200, 0.4)));
  const turn = moodTurn(baseline, said(mixed(40, -0.4), LATER), 0.25);
  expect(turn?.from).toBeCloseTo(0.4);
  expect(turn?.to).toBeCloseTo(-0.4);
});

test("a turn for the better is one too", () => {
  const baseline = baselineOf(said(mixed(200, -0.4)));
  expect(moodTurn(baseline, said(mixed(40, 0.4), LATER), 0.25)).not.toBeNull();
});

test("a turn below the threshold is none, however certain", () => {
  const baseline = baselineOf(said(mixed(5_000, 0.4, 0.1)));
  expect(moodTurn(baseline, said(mixed(60, 0.2, 0.1), LATER), 0.25)).toBeNull();
});

test("few comments raise no alarm, however furious", () => {
  const baseline = baselineOf(said(mixed(200, 0.9, 0.01)));
  const furious = said(mixed(NEWEST_LEAST - 1, -0.9, 0.01), LATER);
  expect(moodTurn(baseline, furious, 0.25)).toBeNull();
});

test("a difference that may be noise is no turn", () => {
  const baseline = baselineOf(said(mixed(200, 0.3, 0.9)));
  expect(moodTurn(baseline, said(mixed(16, -0.1, 0.9), LATER), 0.25)).toBeNull();
});

test("a few that score alike are no turn of a mixed mood", () => {
  const baseline = baselineOf(said(Array.from({ length: 250 }, (_, at) => (at % 5 === 0 ? -0.8 : 0.9))));
  const alike = (score: number) => said(Array.from({ length: NEWEST_LEAST }, () => score), LATER);
  expect(moodTurn(baseline, alike(0.9), 0.25)).toBeNull();
  expect(moodTurn(baseline, alike(-0.8), 0.25)).not.toBeNull();
});

// The fewest are what a new video's baseline is of.
test.each([200, NEWEST_LEAST])("a steady mood held against %i raises few alarms, looked at with each comment", { timeout: 60_000 }, (before) => {
  const next = random(7);
  const draw = (count: number) =>
    Array.from({ length: count }, () => {
      const at = next();
      return (at < 0.2 ? -0.8 : at < 0.4 ? 0 : 0.9) + (next() - 0.5) / 5;
    });
  let alarms = 0;
  for (let video = 0; video < 100; video += 1) {
    const baseline = baselineOf(said(draw(before)));
    const comments = said(draw(1_000), LATER);
    const isTold = comments.some((_, at) => {
      const newest = comments.slice(Math.max(0, at + 1 - NEWEST_MOST), at + 1);
      return moodTurn(baseline, newest, 0.25) !== null;
    });
    if (isTold) alarms += 1;
  }
  expect(alarms).toBeLessThanOrEqual(2);
});

test("what the model has not read counts for nothing", () => {
  const baseline = baselineOf(said(mixed(200, 0.4)));
  const foreign = said(mixed(40, -0.9), LATER).map((one) => ({
    ...one,
    prediction: prediction(-0.9, { status: "not_english" }),
  }));
  expect(moodTurn(baseline, foreign, 0.25)).toBeNull();
});

test("new is what was written after the baseline's newest, newest first", () => {
  const baseline = baselineOf(said([0, 0]));
  const old = comment("old", { published_at: "2025-01-01T00:00:00Z" });
  const timeless = comment("timeless", { published_at: null });
  const newer = newerThan(baseline, [old, timeless, ...said([0.1, 0.2], LATER)]);
  expect(newer.map(({ prediction: { score } }) => score)).toEqual([0.2, 0.1]);
});
