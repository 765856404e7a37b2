import { afterEach, expect, it, vi } from "vitest";

import { catalogue } from "../../text/catalogue.ts";
import { sampleAnalysis } from "./sample_data.ts";
import { stretchesOf } from "./stretches.ts";
import { TrendChart } from "./trend_chart.ts";

const made = vi.hoisted(() => [] as { options: uPlot.Options }[]);
// It draws on a canvas, of which there is none here.
vi.mock("uplot", () => ({
  default: class {
    static tzDate = (date: Date, zone: string) => `${date.toISOString()} ${zone}`;
    width = 0;
    constructor(readonly options: uPlot.Options) {
      made.push(this);
    }
    destroy() {}
  },
}));

afterEach(() => {
  made.length = 0;
});

const optionsFor = (hours: number) => {
  const [point] = sampleAnalysis().trend;
  const end = new Date(Date.parse(point!.start) + hours * 3_600_000).toISOString();
  const points = [{ ...point!, end }];
  const drawn = { points, stretches: stretchesOf(points, "en"), words: catalogue("en") };
  new TrendChart(document.createElement("div"), drawn, () => undefined).dispose();
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
