/** Draws the summary of a video as a picture, with a canvas of our own: aggregates, no comment. */

import { fetchedOf, type Analysis } from "../../service/wire.ts";
import type { Catalogue } from "../../text/catalogue.ts";
import type { Source } from "../state/contract.ts";
import { LABEL_KEYS, LABELS_SHOWN } from "../view/labels.tsx";
import { noticeOf } from "../view/notice.ts";
import { giveOrTake, scoreRange, verdict } from "../view/verdict.ts";

const WIDTH_PX = 1_200;
const HEIGHT_PX = 675;
const EDGE_PX = 72;
const INNER_PX = WIDTH_PX - 2 * EDGE_PX;
const FONT = 'system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif';
/** A picture is looked at anywhere: it is light in both themes. */
const INK = "#16181d";
const MUTED = "#555b67";
const TRACK = "#e7eaf0";
const FILLS = { negative: "#c65500", neutral: "#858b97", positive: "#0072b2" } as const;
const NAME_CHARACTERS = /[^A-Za-z0-9_-]/g;
const LONGEST_TITLE_CHARACTERS = 200;

export interface PngFile {
  readonly name: string;
  /** Null where the browser can't draw one. */
  readonly content: Blob | null;
}

/**
 * Draw an analysis.
 *
 * @param at stands for the moment at which the comments were read where that is not known
 */
export async function summaryPng(
  analysis: Analysis,
  words: Catalogue,
  source: Source,
  at: Date = new Date(),
): Promise<PngFile> {
  // An old result stays one, whenever its picture is drawn.
  const readAt = analysis.fetched_at === null ? at : new Date(analysis.fetched_at);
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH_PX;
  canvas.height = HEIGHT_PX;
  const context = canvas.getContext("2d");
  const video = analysis.video_id.replace(NAME_CHARACTERS, "") || "video";
  const name = `sentiment-${video}-${readAt.toISOString().slice(0, 10)}.png`;
  if (context === null) return { name, content: null };
  drawSummary(new Pen(context, words.direction), analysis, words, source, readAt);
  const content = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  return { name, content };
}

function drawSummary(
  pen: Pen,
  analysis: Analysis,
  words: Catalogue,
  source: Source,
  readAt: Date,
): void {
  const { t } = words;
  const { score, shares, video, model } = analysis;
  pen.fill("#ffffff", 0, 0, WIDTH_PX, HEIGHT_PX);
  pen.write(isolated(video.title ?? analysis.video_id), 96, { size: 28, colour: MUTED });
  const title = score === null ? t("noReadableTitle") : t(verdict(score, shares.neutral));
  pen.write(title, 164, { size: 56, weight: 700 });
  if (score !== null) {
    pen.write(`${words.signed(score.mean)}  ${scoreRange(score, words)}`, 218, { size: 30 });
    drawScale(pen, score.mean, score.low ?? score.mean, score.high ?? score.mean, words);
    LABELS_SHOWN.forEach((label, row) => {
      const y = 372 + row * 58;
      const { share } = shares[label];
      const percent = share === null ? "–" : words.percent(share);
      pen.write(t(LABEL_KEYS[label]), y, { size: 28, weight: 600, most: 200 });
      pen.fill(TRACK, 220, y - 22, 520, 26);
      pen.fill(FILLS[label], 220, y - 22, 520 * (share ?? 0), 26);
      pen.write(`${percent}, ${giveOrTake(shares[label], words)}`, y, { size: 26, x: 764, most: 300 });
    });
  }
  const counted = t("analysedOf", {
    analysed: words.integer(analysis.analysed),
    count: Math.max(fetchedOf(analysis), video.comment_count ?? 0),
  });
  const onlyLoaded = source === "page" ? ` · ${t("onlyLoaded")}` : "";
  pen.write(`${counted}${onlyLoaded}`, 566, { size: 24 });
  const named = t("modelLine", { name: isolated(model.name || t("modelUnknown")) });
  const digest = model.digest === "" ? "" : ` · ${model.digest.slice(0, 12)}`;
  pen.write(`${named}${digest} · ${words.moment(readAt)}`, 602, { size: 22, colour: MUTED });
  pen.write(isolated(noticeOf(analysis.notice, words)), 636, { size: 22, colour: MUTED });
}

function drawScale(pen: Pen, mean: number, low: number, high: number, { t }: Catalogue): void {
  const at = (value: number): number => ((Math.min(1, Math.max(-1, value)) + 1) / 2) * INNER_PX;
  pen.fill(TRACK, 0, 250, INNER_PX, 12);
  pen.fill("#9aa5bd", at(low), 246, Math.max(4, at(high) - at(low)), 20);
  pen.fill(MUTED, INNER_PX / 2 - 1, 244, 2, 24);
  pen.fill(INK, at(mean) - 4, 238, 8, 36);
  pen.write(t("scaleNegative"), 302, { size: 20, colour: MUTED });
  pen.write(t("scalePositive"), 302, { size: 20, colour: MUTED, atEnd: true });
}

interface Look {
  readonly size: number;
  readonly weight?: number;
  readonly colour?: string;
  /** From the start edge, in px. */
  readonly x?: number;
  /** Widest, in px; wider text is squeezed. */
  readonly most?: number;
  readonly atEnd?: boolean;
}

/** Writes and fills from the edge where text begins, whichever side that is. */
class Pen {
  readonly #context: CanvasRenderingContext2D;
  readonly #isMirrored: boolean;

  constructor(context: CanvasRenderingContext2D, direction: "ltr" | "rtl") {
    this.#context = context;
    this.#isMirrored = direction === "rtl";
    context.direction = direction;
  }

  fill(colour: string, x: number, y: number, width: number, height: number): void {
    const isWhole = width === WIDTH_PX;
    const left = isWhole ? 0 : this.#isMirrored ? WIDTH_PX - EDGE_PX - x - width : EDGE_PX + x;
    this.#context.fillStyle = colour;
    this.#context.fillRect(left, y, width, height);
  }

  write(text: string, baseline: number, look: Look): void {
    const { size, weight = 400, colour = INK, x = 0, most = INNER_PX, atEnd = false } = look;
    const from = atEnd ? INNER_PX : x;
    this.#context.font = `${weight} ${size}px ${FONT}`;
    this.#context.fillStyle = colour;
    this.#context.textAlign = atEnd ? "end" : "start";
    const left = this.#isMirrored ? WIDTH_PX - EDGE_PX - from : EDGE_PX + from;
    this.#context.fillText(this.#fitting(text, most), left, baseline, most);
  }

  /** Shorten a text that would have to be squeezed too much to be read. */
  #fitting(text: string, most: number): string {
    const fits = (candidate: string) => this.#context.measureText(candidate).width <= most * 1.1;
    let shown = text.slice(0, LONGEST_TITLE_CHARACTERS);
    if (shown === text && fits(shown)) return shown;
    while (shown.length > 1 && !fits(`${shown}…`)) shown = shown.slice(0, -1);
    return `${shown}…`;
  }
}

/** Keep text of others from turning the words beside it around (Unicode TR 9, isolates). */
function isolated(text: string): string {
  return `\u2068${text.replace(/[\u202a-\u202e\u2066-\u2069]/g, "")}\u2069`;
}
