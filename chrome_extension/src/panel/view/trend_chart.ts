/** Draws the trend with uPlot, in the page's colours, as wide as its place. */

import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

import type { TrendPoint } from "../../service/wire.ts";
import type { Catalogue } from "../../text/catalogue.ts";

const HEIGHT_PX = 150;
const MOST_POINTS_WITH_DOTS = 40;
/** In points of score, on either side of zero. */
const SMALLEST_SIDE = 0.15;
const MARGIN = 0.05;

export class TrendChart {
  readonly #place: HTMLElement;
  readonly #points: readonly TrendPoint[];
  readonly #words: Catalogue;
  readonly #onPoint: (index: number | null) => void;
  readonly #resizes: ResizeObserver;
  readonly #themes: MutationObserver;
  readonly #scheme = window.matchMedia("(prefers-color-scheme: dark)");
  #chart: uPlot;

  /**
   * @param points at least one, each with a score, in order of time
   * @param onPoint told which point the pointer is at
   */
  constructor(
    place: HTMLElement,
    points: readonly TrendPoint[],
    words: Catalogue,
    onPoint: (index: number | null) => void,
  ) {
    this.#place = place;
    this.#points = points;
    this.#words = words;
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
    const { signed, language } = this.#words;
    const days = new Intl.DateTimeFormat(language, { day: "numeric", month: "short" });
    const options: uPlot.Options = {
      width: Math.max(1, this.#place.clientWidth),
      height: HEIGHT_PX,
      padding: [8, 18, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false } },
      scales: { y: { range: this.#range() } },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 26,
          space: 76,
          values: (_, at) => at.map((seconds) => days.format(new Date(seconds * 1_000))),
        },
        {
          ...axis,
          size: 46,
          space: 34,
          grid: { stroke: colour.line, width: 1 },
          values: (_, at) => at.map((score) => signed(score).replace(/(?<=[.,]\d)0$|[.,]00$/, "")),
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
          points: { show: this.#points.length <= MOST_POINTS_WITH_DOTS, size: 5, fill: colour.accent },
        },
      ],
      bands: [{ series: [1, 2], fill: colour.band }],
      hooks: { setCursor: [(chart) => this.#onPoint(chart.cursor.idx ?? null)] },
    };
    return new uPlot(options, this.#data(), this.#place);
  }

  /** Zero is always in sight: which side of it the line runs on is the point. */
  #range(): uPlot.Range.MinMax {
    const bounds = this.#points.flatMap(({ score }) => [score?.low ?? score?.mean ?? 0, score?.high ?? score?.mean ?? 0]);
    const low = Math.min(-SMALLEST_SIDE, ...bounds);
    const high = Math.max(SMALLEST_SIDE, ...bounds);
    return [Math.max(-1, low - MARGIN), Math.min(1, high + MARGIN)];
  }

  #data(): uPlot.AlignedData {
    const column = (of: (point: TrendPoint) => number | null | undefined) =>
      this.#points.map((point) => of(point) ?? null);
    return [
      this.#points.map(({ start }) => Date.parse(start) / 1_000),
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
