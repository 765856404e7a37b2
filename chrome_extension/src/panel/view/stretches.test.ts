import { afterEach, expect, test, vi } from "vitest";

import { stretchesOf } from "./stretches.ts";

afterEach(() => vi.unstubAllEnvs());

const HOUR_MS = 3_600_000;
const points = (from: string, hours: number, count: number) =>
  Array.from({ length: count }, (_, at) => ({
    start: new Date(Date.parse(from) + at * hours * HOUR_MS).toISOString(),
    end: new Date(Date.parse(from) + (at + 1) * hours * HOUR_MS).toISOString(),
  }));
const seconds = (...times: string[]) => times.map((time) => Date.parse(time) / 1_000);
/** Newer versions of Intl put a narrow space before AM and PM. */
const plain = (text: string | undefined) => text?.replace(/\s/gu, " ");

test.each([1, 3, 6, 12])("stretches of %i hours have each a name of their own", (hours) => {
  const all = points("2026-01-02T00:00:00Z", hours, 20);
  const { name, areDays } = stretchesOf(all, "en");
  expect(areDays).toBe(false);
  expect(new Set(all.map(name)).size).toBe(20);
});

test("hours are told by the viewer's clock, with the day where it changes", () => {
  vi.stubEnv("TZ", "America/New_York");
  const all = points("2026-01-02T00:00:00Z", 1, 20);
  const { name, marks } = stretchesOf(all, "en");
  expect(plain(name(all[0]!))).toBe("Jan 1, 2026, 7:00 PM");
  const at = seconds("2026-01-02T00:00:00Z", "2026-01-02T03:00:00Z", "2026-01-02T06:00:00Z");
  expect(marks(at).map(plain)).toEqual(["7:00 PM Jan 1", "10:00 PM", "1:00 AM Jan 2"]);
});

test("days, weeks and months are the service's own, wherever the viewer is", () => {
  for (const zone of ["America/New_York", "Pacific/Auckland"]) {
    vi.stubEnv("TZ", zone);
    const months = [
      { start: "2026-03-01T00:00:00Z", end: "2026-04-01T00:00:00Z" },
      { start: "2026-04-01T00:00:00Z", end: "2026-05-01T00:00:00Z" },
    ];
    const { name, marks, areDays } = stretchesOf(months, "en");
    expect(areDays).toBe(true);
    expect(months.map(name)).toEqual(["Mar 1, 2026", "Apr 1, 2026"]);
    expect(marks(seconds("2026-03-01T00:00:00Z", "2026-03-08T00:00:00Z"))).toEqual(["Mar 1", "Mar 8"]);
    expect(marks(seconds("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"))).toEqual(["Mar 2026", "Apr 2026"]);
    expect(marks(seconds("2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"))).toEqual(["2025", "2026"]);
  }
});

test("a time that can't be read has no name", () => {
  expect(stretchesOf([], "en").name({ start: "soon" })).toBe("–");
});
