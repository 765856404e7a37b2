/**
 * How the stretches of time of the service's trend are named.
 *
 * The service cuts by UTC. A stretch below a day begins at a moment, which is told by the viewer's
 * clock; one of a day or more is a part of the calendar in UTC, and is named after that.
 */

import type { TrendPoint } from "../../service/wire.ts";

const DAY_S = 86_400;
/** The shortest of each: where marks are so far apart, they name no smaller part. */
const MONTH_S = 28 * DAY_S;
const YEAR_S = 365 * DAY_S;

export interface Stretches {
  /** Whether they are parts of the calendar in UTC. */
  readonly areDays: boolean;
  /** When one begins, for instance "Jan 2, 2026" or "Jan 2, 2026, 3:00 PM". */
  name(point: Pick<TrendPoint, "start">): string;
  /**
   * Name marks of an axis; a time of day has its day on a second line where that changes.
   *
   * @param at seconds since the epoch, in order
   */
  marks(at: readonly number[]): string[];
}

/** @param points in order of time, all of about the same length */
export function stretchesOf(
  points: readonly Pick<TrendPoint, "start" | "end">[],
  language: string,
): Stretches {
  const areDays = points.every(({ start, end }) => !(Date.parse(end) - Date.parse(start) < DAY_S * 1_000));
  const format = (look: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, areDays ? { ...look, timeZone: "UTC" } : look);
  const names = format(areDays ? { dateStyle: "medium" } : { dateStyle: "medium", timeStyle: "short" });
  const days = format({ day: "numeric", month: "short" });
  const months = format({ month: "short", year: "numeric" });
  const years = format({ year: "numeric" });
  const times = format({ hour: "numeric", minute: "2-digit" });
  return {
    areDays,
    name({ start }) {
      const date = new Date(start);
      return Number.isNaN(date.getTime()) ? "–" : names.format(date);
    },
    marks(at) {
      const dates = at.map((seconds) => new Date(seconds * 1_000));
      const apartS = (at[1] ?? 0) - (at[0] ?? 0);
      if (apartS >= YEAR_S) return dates.map((date) => years.format(date));
      if (apartS >= MONTH_S) return dates.map((date) => months.format(date));
      if (areDays) return dates.map((date) => days.format(date));
      let last = "";
      return dates.map((date) => {
        const day = days.format(date);
        const mark = day === last ? times.format(date) : `${times.format(date)}\n${day}`;
        last = day;
        return mark;
      });
    },
  };
}
