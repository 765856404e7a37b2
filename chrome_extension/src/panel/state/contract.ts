/**
 * What the panel's views show and what they may do: the seam between state and views.
 *
 * State implements `PanelModel` without a DOM; views read its signals and call its actions. Both
 * are testable without each other.
 */

import type { ReadonlySignal } from "@preact/signals";

import type { JumpOutcome } from "../../host/host.ts";
import type { Problem } from "../../service/problem.ts";
import type { Analysis, Comment, Intent, LabelName, ModelInfo } from "../../service/wire.ts";
import type { Settings } from "../../settings/settings.ts";
import type { Catalogue } from "../../text/catalogue.ts";

/** What stands in the panel. `analysis` and `comments` are set apart, so that a problem can keep them. */
export type Phase =
  /** The tab shows no video. */
  | { readonly kind: "resting" }
  /** Asked, nothing heard yet: a skeleton, or, `stale`, what is there from earlier. */
  | { readonly kind: "loading" }
  /** First results are there, more come. */
  | { readonly kind: "streaming" }
  /** The connection broke; it is mended after the wait. */
  | { readonly kind: "interrupted"; readonly waitSeconds: number }
  | { readonly kind: "complete" }
  /**
   * Nothing more comes. With `retryAt` (ms since the epoch) it tries again by itself, and stands
   * as it is until the service has said something.
   */
  | { readonly kind: "problem"; readonly problem: Problem; readonly retryAt: number | null };

/** `service`: the video's comments; `page`: only those loaded on the page, sent to be labelled. */
export type Source = "service" | "page";

export type LabelFilter = LabelName | "unsure" | "left_out";
export type SortKey = "likes" | "newest" | "oldest" | "score_high" | "score_low" | "confidence";

export interface Filter {
  readonly search: string;
  /** Empty: all. */
  readonly labels: readonly LabelFilter[];
  readonly intents: readonly Intent[];
  readonly threads: "all" | "top_level" | "replies";
  /** ISO dates by the viewer's clock, inclusive; null: open. */
  readonly since: string | null;
  readonly until: string | null;
  readonly sort: SortKey;
}

export const NO_FILTER: Filter = {
  search: "",
  labels: [],
  intents: [],
  threads: "all",
  since: null,
  until: null,
  sort: "likes",
};

export interface Correction {
  readonly commentId: string;
  readonly label: LabelName;
  /** What failed is what is tried again: storing it, or taking it back. */
  readonly state: "sending" | "stored" | "undoing" | "storing_failed" | "undoing_failed";
  readonly problem: Problem | null;
}

export interface LiveState {
  readonly on: boolean;
  /** Ms since the epoch; null while off or asking. */
  readonly nextPollAt: number | null;
  readonly newComments: number;
}

/** The mood has turned beyond the threshold since the baseline. */
export interface MoodAlert {
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

export type Comparison =
  | { readonly kind: "loading"; readonly video: string }
  | {
      readonly kind: "ready";
      readonly video: string;
      readonly analysis: Analysis;
      /** First results; more come, or would have come but for the problem. */
      readonly isPartial: boolean;
      /** Kept from earlier; it is being read again, or would be but for the problem. */
      readonly isStale: boolean;
      /** Why reading it has failed. */
      readonly problem: Problem | null;
    }
  | { readonly kind: "problem"; readonly video: string; readonly problem: Problem };

/** A video that was analysed before and can be compared with. */
export interface KnownVideo {
  readonly videoId: string;
  readonly title: string | null;
}

export interface PanelModel {
  readonly settings: ReadonlySignal<Settings>;
  readonly words: ReadonlySignal<Catalogue>;
  readonly online: ReadonlySignal<boolean>;

  readonly videoId: ReadonlySignal<string | null>;
  readonly phase: ReadonlySignal<Phase>;
  readonly source: ReadonlySignal<Source>;
  readonly analysis: ReadonlySignal<Analysis | null>;
  /** Whether `analysis` was kept from earlier and is not what the service says now. */
  readonly stale: ReadonlySignal<boolean>;
  readonly model: ReadonlySignal<ModelInfo | null>;
  /** The digest before, when the model that answers has changed since the last analysis. */
  readonly modelChangedFrom: ReadonlySignal<string | null>;

  /** All comments so far, in the order they came. */
  readonly comments: ReadonlySignal<readonly Comment[]>;
  readonly commentById: ReadonlySignal<ReadonlyMap<string, Comment>>;
  readonly filter: ReadonlySignal<Filter>;
  /** After search, filter and sort. */
  readonly shownComments: ReadonlySignal<readonly Comment[]>;
  setFilter(change: Partial<Filter>): void;

  /** Ask again for the video that is shown. */
  retry(): void;
  /** Ask for a video by id or address (demo page, and "compare"). */
  show(video: string): void;
  /** Label the comments loaded on the page instead. */
  useLoadedComments(): void;
  /** Ask the service for the video again, after the comments loaded on the page. */
  askService(): void;

  readonly corrections: ReadonlySignal<ReadonlyMap<string, Correction>>;
  correct(commentId: string, label: LabelName): Promise<void>;
  /** Resolves to whether it was taken back, and stands so. */
  undoCorrection(commentId: string): Promise<boolean>;

  readonly live: ReadonlySignal<LiveState>;
  setLive(on: boolean): void;
  readonly moodAlert: ReadonlySignal<MoodAlert | null>;
  dismissMoodAlert(): void;

  readonly comparison: ReadonlySignal<Comparison | null>;
  readonly knownVideos: ReadonlySignal<readonly KnownVideo[]>;
  compareWith(video: string): void;
  endComparison(): void;

  readonly marksShown: ReadonlySignal<boolean>;
  setMarks(on: boolean): void;
  jump(commentId: string): Promise<JumpOutcome>;
  seek(seconds: number): Promise<boolean>;

  /** Aggregates only, no comment text. */
  exportCsv(): { readonly name: string; readonly text: string };

  /** The sentence that a live region says next. */
  readonly announcement: ReadonlySignal<string>;
  announce(sentence: string): void;
  openSettings(): void;
  /** End every request, timer and subscription. */
  dispose(): void;
}
