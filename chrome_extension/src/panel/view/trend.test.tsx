import { act } from "preact/test-utils";
import { afterEach, expect, it, vi } from "vitest";

import { catalogue } from "../../text/catalogue.ts";
import { draw } from "./drawing.ts";
import { fakeModel } from "./fake_model.ts";
import { sampleAnalysis } from "./sample_data.ts";
import { Trend } from "./trend.tsx";
import type { TrendDrawn } from "./trend_chart.ts";

// A canvas is looked at in Chromium; here there is none.
const drawn = vi.hoisted(() => [] as TrendDrawn[]);
vi.mock("./trend_chart.ts", () => ({
  TrendChart: class {
    constructor(_: HTMLElement, first: TrendDrawn) {
      drawn.push(first);
    }
    update(next: TrendDrawn) {
      if (next !== drawn.at(-1)) drawn.push(next);
    }
    dispose() {}
  },
}));

afterEach(() => {
  vi.unstubAllEnvs();
  drawn.length = 0;
});

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
  expect(root.querySelector(".part-note")?.textContent).toContain("Mar 1, 2026");
});

it("tells of a change only where the first and the last stretch are clearly apart", async () => {
  const [first, last] = hourly("2026-03-01T00:00:00Z", 2, 24);
  const many = { ...first!, analysed: 300, score: { mean: 0.26, low: 0.18, high: 0.34 } };
  const one = { ...last!, analysed: 1, score: { mean: -0.8, low: -1, high: 1 } };
  const others = { ...last!, analysed: 300, score: { mean: -0.2, low: -0.28, high: -0.12 } };
  const sentence = async (points: ReturnType<typeof hourly>) =>
    (await trend(points)).root.querySelector(".part-note")?.textContent;
  expect(await sentence([many, one])).toBe("No clear change from Mar 1, 2026 to Mar 2, 2026.");
  expect(await sentence([many, others])).toBe("From +0.26 (Mar 1, 2026) to −0.20 (Mar 2, 2026).");
});

it("is drawn again when only an earlier point has changed, and not for anything else", async () => {
  const model = fakeModel();
  const Shown = () => (
    <Trend analysis={model.analysis.value ?? sampleAnalysis()} words={model.words.value} />
  );
  await draw(<Shown />);
  expect(drawn).toHaveLength(1);
  const analysis = model.analysis.value ?? sampleAnalysis();
  await act(() => {
    model.analysis.value = { ...analysis, analysed: analysis.analysed + 1 };
  });
  expect(drawn).toHaveLength(1);
  const [first, ...later] = analysis.trend;
  const changed = { ...first!, score: { mean: -0.9, low: -1, high: -0.8 } };
  await act(() => {
    model.analysis.value = { ...analysis, trend: [changed, ...later] };
  });
  expect(drawn.map(({ points }) => points[0]?.score?.mean)).toEqual([first?.score?.mean, -0.9]);
});
