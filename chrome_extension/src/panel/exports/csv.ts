/**
 * An analysis as comma-separated values (RFC 4180): aggregates only, no comment, no id of one.
 *
 * One long table, so that it needs no second look: what is counted, of what, how much, and the 95 %
 * interval. Texts that a spreadsheet would run as a formula are made harmless (OWASP, "CSV
 * Injection"). A byte-order mark makes spreadsheets read it as UTF-8.
 */

import { INTENTS, LABEL_NAMES, type Analysis, type Summary } from "../../service/wire.ts";
import type { Source } from "../state/contract.ts";

const HEADINGS = ["section", "item", "measure", "value", "low", "high", "comments"];
const BYTE_ORDER_MARK = "\uFEFF";
const NAME_CHARACTERS = /[^A-Za-z0-9_-]/g;

type Cell = string | number | boolean | null;
type Row = readonly Cell[];

export interface CsvFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Write an analysis down.
 *
 * @param analysis null writes the headings only
 * @param at when it is exported
 */
export function analysisCsv(analysis: Analysis | null, source: Source, at: Date): CsvFile {
  const rows = analysis === null ? [] : rowsOf(analysis, source, at);
  const video = analysis?.video_id.replace(NAME_CHARACTERS, "") || "video";
  const lines = [HEADINGS, ...rows].map(line);
  return {
    name: `sentiment-${video}-${at.toISOString().slice(0, 10)}.csv`,
    text: BYTE_ORDER_MARK + lines.join(""),
  };
}

function rowsOf(analysis: Analysis, source: Source, at: Date): Row[] {
  return [
    ...about(analysis, source, at),
    ...summaryRows("all", "", analysis),
    ...summaryRows("threads", "top_level", analysis.threads.top_level),
    ...summaryRows("threads", "replies", analysis.threads.replies),
    ...INTENTS.flatMap((intent): Row[] => {
      const count = analysis.intents[intent];
      return count === undefined ? [] : [["intents", intent, "comments", count]];
    }),
    ...analysis.trend.flatMap((point) => [
      ["trend", point.start, "end", point.end],
      ...estimates("trend", point.start, point),
    ]),
    ...LABEL_NAMES.flatMap((label) =>
      analysis.labels[label].words.map(
        ({ word, z, comments }): Row => [`words_${label}`, word, "z", z, null, null, comments],
      ),
    ),
  ];
}

function about(analysis: Analysis, source: Source, at: Date): Row[] {
  const facts: Record<string, Cell> = {
    video_id: analysis.video_id,
    title: analysis.video.title,
    source,
    comments_on_youtube: analysis.video.comment_count,
    comments_fetched: analysis.fetched,
    complete: analysis.complete,
    incomplete_because: analysis.reasons.join(" "),
    replies_left_out: analysis.replies_left_out,
    model: analysis.model.name,
    model_digest: analysis.model.digest,
    fetched_at: analysis.fetched_at,
    exported_at: at.toISOString(),
    notice: analysis.notice,
  };
  return Object.entries(facts).map(([name, value]) => ["about", "", name, value]);
}

function summaryRows(section: string, item: string, summary: Summary): Row[] {
  return [
    [section, item, "analysed", summary.analysed],
    [section, item, "unsure", summary.unsure],
    [section, item, "left_out_empty", summary.excluded.empty],
    [section, item, "left_out_not_english", summary.excluded.not_english],
    ...estimates(section, item, summary),
  ];
}

function estimates(
  section: string,
  item: string,
  { score, shares, analysed }: Pick<Summary, "score" | "shares" | "analysed">,
): Row[] {
  const mean = score ?? { mean: null, low: null, high: null };
  return [
    [section, item, "score", mean.mean, mean.low, mean.high, analysed],
    ...LABEL_NAMES.map((label): Row => {
      const { share, low, high } = shares[label];
      return [section, item, `share_${label}`, share, low, high, analysed];
    }),
  ];
}

/** Return a row as a line; one that is short has empty cells at its end. */
function line(row: Row): string {
  const cells = HEADINGS.map((_, column) => written(row[column] ?? null));
  return `${cells.join(",")}\r\n`;
}

function written(cell: Cell): string {
  if (cell === null) return "";
  // A number is ours, and one below zero must stay one.
  if (typeof cell !== "string") return String(cell);
  const text = harmless(cell);
  return /[",;|\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What a program may take for the end of a cell; where that is ; or a tab, our quotes count for nothing. */
const SEPARATORS = /[;|\t\r\n](?=[\s\p{Cf}"]*[=+\-@＝＋－＠])/gu;

/** Formulas begin with = + - @, also in full width, also after spaces that a program trims. */
function harmless(text: string): string {
  const defused = text.replace(SEPARATORS, "$&'");
  return /^[\s\p{Cf}]*[=+\-@＝＋－＠]|^[\t\r\n]/u.test(defused) ? `'${defused}` : defused;
}
