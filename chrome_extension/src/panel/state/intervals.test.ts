import { expect, test } from "vitest";

import { Z_95, meanScore, studentT, wilson } from "./intervals.ts";

test.each([
  // Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3.
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])("Wilson's interval of %i in %i is the published one", (successes, trials, low, high) => {
  const interval = wilson(successes, trials);
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});

test("bounds never pass the estimate", () => {
  expect(wilson(7, 7).high).toBe(1);
  expect(wilson(0, 7).low).toBe(0);
});

test.each([
  [Z_95, 1, 12.706],
  [Z_95, 2, 4.303],
  [Z_95, 5, 2.571],
  [Z_95, 30, 2.042],
  [4.4, 14, 6.658],
  [4.4, 60, 4.803],
])("t for z = %f and %i degrees is the table's", (z, degrees, expected) => {
  expect(studentT(z, degrees) / expected).toBeCloseTo(1, 2);
});

const alike = (count: number, score: number) => Array.from({ length: count }, () => score);

test.each([
  // The service's test has the same cases.
  [[0.1, 0.2, 0.3, 0.4], 0.25, -0.5188, 0.8522],
  [alike(2, 0.95), 0.95, -1, 1],
  [alike(5, 0.95), 0.95, -0.0062, 1],
  [alike(40, 0.95), 0.95, 0.8109, 0.9986],
  [[...alike(9, 0.9), -0.8], 0.73, 0.1595, 1],
  [[...alike(9, -0.8), 0.9], -0.63, -0.9645, -0.0855],
])("the interval of %j is Student's with both ends added", (scores, mean, low, high) => {
  const interval = meanScore(scores);
  expect(interval?.estimate).toBeCloseTo(mean, 10);
  expect(Math.abs((interval?.low ?? 0) - low)).toBeLessThan(0.001);
  expect(Math.abs((interval?.high ?? 0) - high)).toBeLessThan(0.001);
});

test("one score says nothing of its spread, none says nothing", () => {
  expect(meanScore([0.4])).toEqual({ estimate: 0.4, low: -1, high: 1 });
  expect(meanScore([])).toBeNull();
});
