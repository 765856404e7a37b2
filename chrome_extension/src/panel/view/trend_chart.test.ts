import { afterEach, expect, it, vi } from "vitest";

import { catalogue } from "../../text/catalogue.ts";
import { sampleAnalysis } from "./sample_data.ts";
import { stretchesOf } from "./stretches.ts";
import { TrendChart } from "./trend_chart.ts";

const made = vi.hoisted(() => [] as { options: uPlot.Options; given: uPlot.AlignedData[] }[]);
// It draws on a canvas, of which there is none here.
vi.mock("uplot", () => ({
  default: class {
    static tzDate = (date: Date, zone: string) => `${date.toISOString()} ${zone}`;
    width = 0;
    readonly given: uPlot.AlignedData[];
    constructor(
      readonly options: uPlot.Options,
      data: uPlot.AlignedData,
    ) {
      this.given = [data];
      made.push(this);
    }
    setData(data: uPlot.AlignedData) {
      this.given.push(data);
    }
    destroy() {}
  },
}));

afterEach(() => {
  made.length = 0;
});

const words = catalogue("en");
const drawnOf = (hours: number, mean = 0.3) => {
  const [point] = sampleAnalysis().trend;
  const end = new Date(Date.parse(point!.start) + hours * 3_600_000).toISOString();
  const points = [{ ...point!, end, score: { mean, low: mean - 0.1, high: mean + 0.1 } }];
  return { points, stretches: stretchesOf(points, "en"), words };
};
const chartOf = (hours: number) =>
  new TrendChart(document.createElement("div"), drawnOf(hours), () => undefined);
const optionsFor = (hours: number) => {
  chartOf(hours).dispose();
  return made[0]!.options;
};

it("puts its marks where the days of the service begin", () => {
  const { tzDate, axes } = optionsFor(24);
  expect(tzDate?.(0)).toBe("1970-01-01T00:00:00.000Z UTC");
  // Two marks within one day would bear one name.
  expect(Math.min(...(axes?.[0]?.incrs as number[]))).toBe(86_400);
});

it("puts its marks where hours begin by the viewer's clock", () => {
  const { tzDate, axes } = optionsFor(1);
  expect(tzDate).toBeUndefined();
  expect(axes?.[0]?.incrs).toBeUndefined();
});

it("takes other points into the same chart, with room for them", () => {
  const chart = chartOf(24);
  chart.update(drawnOf(24, -0.8));
  expect(made).toHaveLength(1);
  expect(made[0]?.given.map((data) => data[3]?.[0])).toEqual([0.3, -0.8]);
  const range = made[0]?.options.scales?.y?.range as () => [number, number];
  expect(range()[0]).toBeLessThan(-0.9);
  chart.dispose();
});

it("is made anew where its axes change", () => {
  const chart = chartOf(1);
  chart.update(drawnOf(24));
  expect(made).toHaveLength(2);
  chart.dispose();
});
