import { expect, test } from "vitest";

import { pollSeconds } from "./poll_interval.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const quota = (units_left: number, resets_at: string | null = "2026-01-01T10:00:00Z") => ({
  units_left,
  resets_at,
});

test.each([
  ["an unknown quota is not heeded", null, 1, 60],
  ["plenty leaves the wish as it is", quota(10_000), 1, 60],
  ["half of what is left is spread until the reset", quota(100), 1, 720],
  ["a dear look comes half as often", quota(100), 2, 1_440],
  ["nothing left waits for the reset", quota(1), 1, 36_000],
  ["a reset that is not known is a day away", quota(100, null), 1, 1_728],
  ["a reset that is past is now", quota(0, "2025-12-31T00:00:00Z"), 1, 60],
  ["a look from memory counts as one unit", quota(100), 0, 720],
])("%s", (_, left, units, expected) => {
  expect(pollSeconds(60, left, units, NOW)).toBe(expected);
});
