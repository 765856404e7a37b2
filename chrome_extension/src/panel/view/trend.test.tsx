import { afterEach, expect, it, vi } from "vitest";

import { catalogue } from "../../text/catalogue.ts";
import { draw } from "./drawing.ts";
import { sampleAnalysis } from "./sample_data.ts";
import { Trend } from "./trend.tsx";

// A canvas is looked at in Chromium; here there is none.
vi.mock("./trend_chart.ts", () => ({ TrendChart: class { dispose() {} } }));

afterEach(() => vi.unstubAllEnvs());

const HOUR_MS = 3_600_000;
const hourly = (from: string, count: number, hours = 1) => {
  const [point] = sampleAnalysis().trend;
  return Array.from({ length: count }, (_, at) => ({
    ...point!,
    start: new Date(Date.parse(from) + at * hours * HOUR_MS).toISOString(),
    end: new Date(Date.parse(from) + (at + 1) * hours * HOUR_MS).toISOString(),
  }));
};
const trend = async (points: ReturnType<typeof hourly>) => {
  const analysis = sampleAnalysis({ trend: points });
  const root = await draw(<Trend analysis={analysis} words={catalogue("en")} />);
  return { root, rows: [...root.querySelectorAll("tbody th")].map((row) => row.textContent) };
};

it("tells the hours of one day apart", async () => {
  const { rows } = await trend(hourly("2026-01-02T02:00:00Z", 20));
  expect(new Set(rows).size).toBe(20);
});

it("names a month as the service does, also where the clock is behind it", async () => {
  vi.stubEnv("TZ", "America/New_York");
  const { root, rows } = await trend([
    ...hourly("2026-03-01T00:00:00Z", 1, 31 * 24),
    ...hourly("2026-04-01T00:00:00Z", 1, 30 * 24),
  ]);
  expect(rows).toEqual(["Mar 1, 2026", "Apr 1, 2026"]);
  expect(root.querySelector(".part-note")?.textContent).toContain("(Mar 1, 2026)");
});
