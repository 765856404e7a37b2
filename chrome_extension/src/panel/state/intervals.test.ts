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
  [3.290526731491926, 14, 4.14],
  [3.290526731491926, 60, 3.46],
])("t for z = %f and %i degrees is the table's", (z, degrees, expected) => {
  expect(studentT(z, degrees) / expected).toBeCloseTo(1, 2);
});

test("a mean's interval is Student's", () => {
  const interval = meanScore([0.1, 0.2, 0.3, 0.4, 0.5]);
  expect(interval?.estimate).toBeCloseTo(0.3, 10);
  expect(interval?.low).toBeCloseTo(0.3 - 2.776 * (0.158114 / Math.sqrt(5)), 3);
});

test("one score says nothing of its spread, none says nothing", () => {
  expect(meanScore([0.4])).toEqual({ estimate: 0.4, low: -1, high: 1 });
  expect(meanScore([])).toBeNull();
});
