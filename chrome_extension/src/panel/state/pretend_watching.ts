/** What watches live, put together for tests. */

import { vi } from "vitest";

import type { Comment, Order } from "../../service/wire.ts";
import type { Outcome } from "./analysing.ts";
import { VIDEO, analysisOf, comment, prediction, pretendAround } from "./pretend.ts";
import { Shown } from "./shown.ts";
import { Watching } from "./watching.ts";

/** When a test begins. */
export const START = Date.parse("2026-01-02T00:00:00Z");

/** Comments around a mean, a second apart. */
export function said(count: number, mean: number, fromMs: number): Comment[] {
  return Array.from({ length: count }, (_, at) =>
    comment(`c${fromMs}.${at}`, {
      published_at: new Date(fromMs + at * 1_000).toISOString(),
      prediction: prediction(mean + (at % 2 === 0 ? 0.3 : -0.3)),
    }),
  );
}

/** Watching of a video whose result has come, over looks that find what a test says. */
export function watched(
  first: readonly Comment[] = said(100, 0.5, START - 3_600_000),
  order: Order = "time",
) {
  const around = pretendAround();
  const shown = new Shown();
  shown.moveTo(VIDEO);
  shown.give({ analysis: analysisOf(first), comments: first }, { kind: "complete" }, order);
  const outcomes: Outcome[] = [];
  let next: readonly Comment[] = first;
  let quota: { units_left: number; resets_at: string | null } | null = null;
  const lookQuietly = vi.fn(() => {
    const outcome = outcomes.shift() ?? "done";
    if (outcome === "done") {
      const analysis = analysisOf(next, { quota });
      shown.give({ analysis, comments: next }, { kind: "complete" }, "time");
    }
    return Promise.resolve(outcome);
  });
  const watching = new Watching(around, shown, { lookQuietly });
  return {
    around,
    shown,
    watching,
    lookQuietly,
    outcomes,
    come: (more: readonly Comment[]) => {
      next = [...more, ...next];
    },
    /** All that a look finds from now on. */
    find: (all: readonly Comment[]) => {
      next = all;
    },
    setQuota: (left: typeof quota) => {
      quota = left;
    },
  };
}
