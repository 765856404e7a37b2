/** A `PanelModel` of plain signals for tests and the gallery: no service, no host, calls written down. */

import { computed, signal, type Signal } from "@preact/signals";

import { labelName, type Analysis, type Comment, type ModelInfo } from "../../service/wire.ts";
import { DEFAULTS, type Settings } from "../../settings/settings.ts";
import { catalogue, type Language } from "../../text/catalogue.ts";
import {
  NO_FILTER,
  type Comparison,
  type Correction,
  type Filter,
  type KnownVideo,
  type LiveState,
  type MoodAlert,
  type PanelModel,
  type Phase,
  type Source,
} from "../state/contract.ts";
import { VIDEO_ID, sampleAnalysis, sampleComments } from "./sample_data.ts";

type Writable<Type> = Type extends { readonly value: infer Value } ? Signal<Value> : never;
type Signals = {
  [Name in keyof PanelModel as PanelModel[Name] extends (...all: never[]) => unknown
    ? never
    : Name]: Writable<PanelModel[Name]>;
};
export type Start = { [Name in keyof Signals]?: Signals[Name]["value"] } & {
  readonly language?: Language;
};
/** Its signals can be set, and `calls` holds what the view asked for. */
export type FakeModel = Omit<PanelModel, keyof Signals> &
  Omit<Signals, "words" | "shownComments" | "commentById"> &
  Pick<PanelModel, "words" | "shownComments" | "commentById"> & {
    readonly calls: (readonly [string, ...unknown[]])[];
  };

export function fakeModel(start: Start = {}): FakeModel {
  const { language = "en" } = start;
  const calls: (readonly [string, ...unknown[]])[] = [];
  const say =
    (name: string) =>
    (...all: unknown[]): void => {
      calls.push([name, ...all]);
    };
  const comments = signal<readonly Comment[]>(start.comments ?? sampleComments(40));
  const filter = signal<Filter>(start.filter ?? NO_FILTER);
  const corrections = signal<ReadonlyMap<string, Correction>>(start.corrections ?? new Map());
  const live = signal<LiveState>(start.live ?? { on: false, nextPollAt: null, newComments: 0 });
  const moodAlert = signal<MoodAlert | null>(start.moodAlert ?? null);
  const comparison = signal<Comparison | null>(start.comparison ?? null);
  const marksShown = signal(start.marksShown ?? false);
  const announcement = signal(start.announcement ?? "");
  const words = signal(start.words ?? catalogue(language));
  return {
    calls,
    settings: signal<Settings>(start.settings ?? DEFAULTS),
    words,
    online: signal(start.online ?? true),
    videoId: signal<string | null>(start.videoId === undefined ? VIDEO_ID : start.videoId),
    phase: signal<Phase>(start.phase ?? { kind: "complete" }),
    source: signal<Source>(start.source ?? "service"),
    analysis: signal<Analysis | null>(start.analysis === undefined ? sampleAnalysis() : start.analysis),
    stale: signal(start.stale ?? false),
    model: signal<ModelInfo | null>(start.model ?? sampleAnalysis().model),
    modelChangedFrom: signal<string | null>(start.modelChangedFrom ?? null),
    comments,
    commentById: computed(() => new Map(comments.value.map((comment) => [comment.id, comment]))),
    filter,
    shownComments: computed(() => comments.value.filter((comment) => passes(comment, filter.value))),
    setFilter: (change) => {
      say("setFilter")(change);
      filter.value = { ...filter.value, ...change };
    },
    retry: say("retry"),
    show: say("show"),
    useLoadedComments: say("useLoadedComments"),
    askService: say("askService"),
    corrections,
    correct: async (commentId, label) => {
      say("correct")(commentId, label);
      const correction: Correction = { commentId, label, state: "stored", problem: null };
      corrections.value = new Map([...corrections.value, [commentId, correction]]);
    },
    undoCorrection: async (commentId) => {
      say("undoCorrection")(commentId);
      corrections.value = new Map([...corrections.value].filter(([id]) => id !== commentId));
      return true;
    },
    live,
    setLive: (on) => {
      say("setLive")(on);
      live.value = { ...live.value, on };
    },
    moodAlert,
    dismissMoodAlert: () => {
      say("dismissMoodAlert")();
      moodAlert.value = null;
    },
    comparison,
    knownVideos: signal<readonly KnownVideo[]>(start.knownVideos ?? []),
    compareWith: say("compareWith"),
    endComparison: () => {
      say("endComparison")();
      comparison.value = null;
    },
    marksShown,
    setMarks: (on) => {
      say("setMarks")(on);
      marksShown.value = on;
    },
    jump: async (commentId) => {
      say("jump")(commentId);
      return "shown";
    },
    seek: async (seconds) => {
      say("seek")(seconds);
      return true;
    },
    exportCsv: () => ({ name: "sentiment.csv", text: "section\n" }),
    announcement,
    announce: (sentence) => {
      announcement.value = sentence;
    },
    openSettings: say("openSettings"),
    dispose: say("dispose"),
  };
}

/** As much of filtering as a view can be tried with; the real one is the state's. */
function passes({ text, prediction }: Comment, { search, labels }: Filter): boolean {
  if (!text.toLowerCase().includes(search.toLowerCase())) return false;
  return labels.length === 0 || labels.includes(labelName(prediction.label));
}
