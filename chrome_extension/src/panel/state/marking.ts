/** Marks beside the comments on the page: what they say, and that they follow what is known. */

import { computed, effect, signal, type ReadonlySignal } from "@preact/signals";
import * as v from "valibot";

import { CommentIdSchema, type Mark } from "../../messages.ts";
import { labelName, type Comment } from "../../service/wire.ts";
import { saveSettings } from "../../settings/settings.ts";
import type { Catalogue } from "../../text/catalogue.ts";
import type { Around } from "./around.ts";
import type { Correction } from "./contract.ts";
import { isRead } from "./filtering.ts";

const WAIT_MS = 500;
const LABEL_KEYS = {
  negative: "labelNegative",
  neutral: "labelNeutral",
  positive: "labelPositive",
} as const;

/** Return the marks of the comments that were read; a correction counts more than the model. */
export function marksOf(
  comments: readonly Comment[],
  corrections: ReadonlyMap<string, Correction>,
  { t, percent }: Catalogue,
): Mark[] {
  return comments.flatMap((comment) => {
    if (!isRead(comment) || !v.is(CommentIdSchema, comment.id)) return [];
    const { prediction } = comment;
    const corrected = corrections.get(comment.id);
    const label = corrected?.label ?? labelName(prediction.label);
    const unsure = corrected === undefined && prediction.status === "unsure";
    const word = t(LABEL_KEYS[label]);
    let words = word;
    if (corrected !== undefined) words = t("markCorrected", { label: word });
    else if (unsure) words = t("markUnsure", { label: word });
    else if (prediction.confidence !== null) {
      words = t("markSure", { label: word, percent: percent(prediction.confidence) });
    }
    return [{ commentId: comment.id, label, unsure, words }];
  });
}

export class Marking {
  readonly #around: Around;
  readonly #shown = signal(false);
  readonly #ends: (() => void)[];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #known: Parameters<typeof marksOf> | null = null;
  #areOnPage = false;

  constructor(
    around: Around,
    comments: ReadonlySignal<readonly Comment[]>,
    corrections: ReadonlySignal<ReadonlyMap<string, Correction>>,
  ) {
    this.#around = around;
    const wanted = computed(() => around.settings.value.marks);
    this.#ends = [
      wanted.subscribe((on) => {
        this.#shown.value = on;
      }),
      effect(() => {
        if (!this.#shown.value) {
          this.#hide();
          return;
        }
        this.#known = [comments.value, corrections.value, around.words.value];
        this.#showSoon();
      }),
      around.host.onPageReady(() => this.#showSoon()),
    ];
  }

  get shown(): ReadonlySignal<boolean> {
    return this.#shown;
  }

  /** Show or hide them, here and from now on. */
  set(on: boolean): void {
    this.#shown.value = on;
    const { host, settings } = this.#around;
    saveSettings(host.settings, { ...settings.peek(), marks: on }).catch((error: unknown) => {
      console.warn("side panel: the setting can't be kept:", error);
    });
  }

  dispose(): void {
    for (const end of this.#ends) end();
    this.#hide();
  }

  /** While results stream in, the page is told now and then, not each time. */
  #showSoon(): void {
    if (this.#known !== null) this.#timer ??= setTimeout(() => this.#show(), WAIT_MS);
  }

  #show(): void {
    this.#timer = undefined;
    if (this.#known === null) return;
    this.#areOnPage = true;
    this.#around.host.showMarks(marksOf(...this.#known)).catch(warn);
  }

  #hide(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#known = null;
    if (!this.#areOnPage) return;
    this.#areOnPage = false;
    this.#around.host.hideMarks().catch(warn);
  }
}

function warn(error: unknown): void {
  console.warn("side panel: marks can't be changed:", error);
}
