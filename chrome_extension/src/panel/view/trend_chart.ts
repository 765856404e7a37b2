/** Draws the trend with uPlot, in the page's colours, as wide as its place. */

import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

import type { TrendPoint } from "../../service/wire.ts";
import type { Catalogue } from "../../text/catalogue.ts";
import type { Stretches } from "./stretches.ts";

const HEIGHT_PX = 150;
const MOST_POINTS_WITH_DOTS = 40;
/** In points of score, on either side of zero. */
const SMALLEST_SIDE = 0.15;
const MARGIN = 0.05;
const DAY_S = 86_400;
/** Between marks of days: uPlot takes 30 of them for a month, 365 for a year, and keeps to those. */
const DAYS_APART = [1, 2, 3, 4, 5, 7, 10, 15, 30, 60, 90, 120, 180, 365, 730, 1_825, 3_650];

export interface TrendDrawn {
  /** At least one, each with a score, in order of time. */
  readonly points: readonly TrendPoint[];
  readonly stretches: Stretches;
  readonly words: Catalogue;
}

export class TrendChart {
  readonly #place: HTMLElement;
  #drawn: TrendDrawn;
  readonly #onPoint: (index: number | null) => void;
  readonly #resizes: ResizeObserver;
  readonly #themes: MutationObserver;
  readonly #scheme = window.matchMedia("(prefers-color-scheme: dark)");
  #chart: uPlot;

  /** @param onPoint told which point the pointer is at */
  constructor(
    place: HTMLElement,
    drawn: TrendDrawn,
    onPoint: (index: number | null) => void,
  ) {
    this.#place = place;
    this.#drawn = drawn;
    this.#onPoint = onPoint;
    this.#chart = this.#draw();
    this.#resizes = new ResizeObserver(() => {
      const width = place.clientWidth;
      if (width > 0 && width !== this.#chart.width) this.#chart.setSize({ width, height: HEIGHT_PX });
    });
    this.#resizes.observe(place);
    this.#themes = new MutationObserver(this.#redraw);
    this.#themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    this.#scheme.addEventListener("change", this.#redraw);
  }

  /** Draw something else: the same chart, unless its axes change. */
  update(drawn: TrendDrawn): void {
    const before = this.#drawn;
    if (drawn === before) return;
    this.#drawn = drawn;
    const areSameAxes =
      drawn.words === before.words && drawn.stretches.areDays === before.stretches.areDays;
    if (areSameAxes) this.#chart.setData(this.#data());
    else this.#redraw();
  }

  dispose(): void {
    this.#resizes.disconnect();
    this.#themes.disconnect();
    this.#scheme.removeEventListener("change", this.#redraw);
    this.#chart.destroy();
  }

  readonly #redraw = (): void => {
    this.#chart.destroy();
    this.#chart = this.#draw();
  };

  #draw(): uPlot {
    const colour = colours(this.#place);
    const font = `12px ${getComputedStyle(this.#place).fontFamily}`;
    const axis = { stroke: colour.muted, font, ticks: { show: false } };
    const { stretches, words } = this.#drawn;
    const options: uPlot.Options = {
      width: Math.max(1, this.#place.clientWidth),
      height: HEIGHT_PX,
      padding: [8, 18, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false } },
      // Marks fall on the days that the service counts by.
      ...(stretches.areDays && { tzDate: (at: number) => uPlot.tzDate(new Date(at * 1_000), "UTC") }),
      scales: { y: { range: () => this.#range() } },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: stretches.areDays ? 26 : 40,
          space: 76,
          ...(stretches.areDays && { incrs: DAYS_APART.map((days) => days * DAY_S) }),
          values: (_, at) => this.#drawn.stretches.marks(at),
        },
        {
          ...axis,
          size: 46,
          space: 34,
          grid: { stroke: colour.line, width: 1 },
          values: (_, at) => at.map((score) => words.signed(score).replace(/(?<=[.,]\d)0$|[.,]00$/, "")),
        },
      ],
      series: [
        {},
        { scale: "y", show: true, stroke: "transparent", points: { show: false } },
        { scale: "y", show: true, stroke: "transparent", points: { show: false } },
        {
          scale: "y",
          stroke: colour.accent,
          width: 2,
          points: { show: () => this.#drawn.points.length <= MOST_POINTS_WITH_DOTS, size: 5, fill: colour.accent },
        },
      ],
      bands: [{ series: [1, 2], fill: colour.band }],
      hooks: { setCursor: [(chart) => this.#onPoint(chart.cursor.idx ?? null)] },
    };
    return new uPlot(options, this.#data(), this.#place);
  }

  /** Zero is always in sight: which side of it the line runs on is the point. */
  #range(): uPlot.Range.MinMax {
    const bounds = this.#drawn.points.flatMap(({ score }) => [score?.low ?? score?.mean ?? 0, score?.high ?? score?.mean ?? 0]);
    const low = Math.min(-SMALLEST_SIDE, ...bounds);
    const high = Math.max(SMALLEST_SIDE, ...bounds);
    return [Math.max(-1, low - MARGIN), Math.min(1, high + MARGIN)];
  }

  #data(): uPlot.AlignedData {
    const { points } = this.#drawn;
    const column = (of: (point: TrendPoint) => number | null | undefined) =>
      points.map((point) => of(point) ?? null);
    return [
      points.map(({ start }) => Date.parse(start) / 1_000),
      column(({ score }) => score?.high),
      column(({ score }) => score?.low),
      column(({ score }) => score?.mean),
    ];
  }
}

/** A canvas knows no custom properties: read what they come to now. */
function colours(place: HTMLElement): Record<"accent" | "band" | "line" | "muted", string> {
  const probe = document.createElement("span");
  place.append(probe);
  const read = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const found = { accent: read("accent"), band: read("band"), line: read("line"), muted: read("muted") };
  probe.remove();
  return found;
}
