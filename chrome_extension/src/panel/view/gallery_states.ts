/** Each state that the panel has, made up, by the name in the gallery's address. */

import { Problem, type ProblemCode, type ProblemFacts } from "../../service/problem.ts";
import type { Analysis } from "../../service/wire.ts";
import { catalogue } from "../../text/catalogue.ts";
import type { Comparison, Correction } from "../state/contract.ts";
import type { Start } from "./fake_model.ts";
import type { TabName } from "./panel_view.tsx";
import {
  emptyAnalysis,
  hostileComments,
  prediction,
  sampleAnalysis,
  sampleComment,
  sampleComments,
} from "./sample_data.ts";

type Ready = Extract<Comparison, { kind: "ready" }>;

export interface GalleryState extends Start {
  readonly tab?: TabName;
}

const failed = (code: ProblemCode, facts: ProblemFacts = {}, waitMs: number | null = null): Start => ({
  phase: {
    kind: "problem",
    problem: new Problem(code, facts),
    retryAt: waitMs === null ? null : Date.now() + waitMs,
  },
  analysis: null,
  comments: [],
});
const quota = new Problem("quota_exceeded", { status: 429, retryAfterSeconds: 20_000 });
const correction = (commentId: string, change: Partial<Correction>): [string, Correction] => [
  commentId,
  { commentId, label: "negative", state: "stored", problem: null, ...change },
];
const ready = (analysis: Analysis, change: Partial<Ready> = {}): Ready => ({
  kind: "ready",
  video: "gallery0002",
  analysis,
  isPartial: false,
  isStale: false,
  problem: null,
  ...change,
});
const other = sampleAnalysis({
  video_id: "gallery0002",
  video: { title: "Trailer", comment_count: 90, is_live: false },
  score: { mean: -0.18, low: -0.29, high: -0.07 },
  shares: {
    negative: { share: 0.48, low: 0.38, high: 0.58 },
    neutral: { share: 0.24, low: 0.16, high: 0.33 },
    positive: { share: 0.28, low: 0.2, high: 0.37 },
  },
  analysed: 88,
  fetched: 90,
});

export const STATES: Readonly<Record<string, () => GalleryState>> = {
  resting: () => ({ phase: { kind: "resting" }, analysis: null, comments: [], videoId: null }),
  loading: () => ({ phase: { kind: "loading" }, analysis: null, comments: [] }),
  first: () => ({
    phase: { kind: "streaming" },
    analysis: sampleAnalysis({
      analysed: 58,
      fetched: 60,
      reasons: ["underway"],
      replies_left_out: 0,
      unsure: 8,
      excluded: { empty: 0, not_english: 2 },
      score: { mean: 0.28, low: 0.12, high: 0.44 },
      shares: {
        negative: { share: 0.21, low: 0.12, high: 0.33 },
        neutral: { share: 0.31, low: 0.21, high: 0.44 },
        positive: { share: 0.48, low: 0.36, high: 0.61 },
      },
      trend: [],
    }),
  }),
  complete: () => ({}),
  "stand-in": () => ({ analysis: sampleAnalysis({ notice: catalogue("en").t("noticeStandIn") }) }),
  negative: () => ({ analysis: { ...other, video: { ...other.video, comment_count: 90 }, complete: true, reasons: [], replies_left_out: 0 } }),
  "no-comments": () => ({ analysis: emptyAnalysis(), comments: [] }),
  "none-readable": () => ({
    analysis: { ...emptyAnalysis(), fetched: 2, excluded: { empty: 1, not_english: 1 } },
    comments: [sampleComment(0, { prediction: prediction(0, "not_english") })],
  }),
  disabled: () => failed("comments_disabled", { status: 403 }),
  private: () => failed("video_private", { status: 403 }),
  deleted: () => failed("video_not_found", { status: 404 }),
  "wrong-id": () => failed("invalid_video_id", { status: 400 }),
  quota: () => failed("quota_exceeded", { status: 429, retryAfterSeconds: 20_000 }, 20_000_000),
  "quota-cached": () => ({
    phase: { kind: "problem", problem: quota, retryAt: Date.now() + 20_000_000 },
    stale: true,
    analysis: sampleAnalysis({ quota: { units_left: 0, resets_at: "2026-03-02T08:00:00Z" } }),
  }),
  "quota-low": () => ({
    analysis: sampleAnalysis({ quota: { units_left: 240, resets_at: "2026-03-02T08:00:00Z" } }),
  }),
  unreachable: () => failed("server_unreachable", {}, 42_000),
  token: () => failed("unauthorized", { status: 401 }),
  "rate-limited": () => failed("rate_limited", { status: 429 }, 42_000),
  "model-changed": () => ({ modelChangedFrom: "9bd0c3127f7e44f08a6155d0c9e7b1a2" }),
  offline: () => failed("offline"),
  "offline-cached": () => ({ online: false, stale: true }),
  "too-long": () => failed("too_large", { status: 413 }),
  "other-language": () => ({
    analysis: sampleAnalysis({ analysed: 90, excluded: { empty: 4, not_english: 406 }, unsure: 12 }),
  }),
  interrupted: () => ({ phase: { kind: "interrupted", waitSeconds: 4 } }),
  stale: () => ({ stale: true, phase: { kind: "loading" } }),
  page: () => ({
    source: "page",
    analysis: sampleAnalysis({
      analysed: 58,
      fetched: 60,
      excluded: { empty: 1, not_english: 1 },
      unsure: 7,
      quota: null,
      trend: [],
      video: { title: null, comment_count: null, is_live: null },
    }),
  }),
  live: () => ({
    live: { on: true, nextPollAt: Date.now() + 42_000, newComments: 12 },
    moodAlert: { from: 0.34, to: -0.08, at: Date.UTC(2026, 2, 1, 14, 5) },
    analysis: sampleAnalysis({ video: { title: "Launch, live", comment_count: 900, is_live: true } }),
  }),
  comments: () => ({ tab: "comments" }),
  corrections: () => ({
    tab: "comments",
    corrections: new Map([
      correction("c0", {}),
      correction("c1", { label: "positive", state: "sending" }),
      correction("c2", { state: "storing_failed", problem: new Problem("store_unavailable") }),
    ]),
  }),
  "no-match": () => ({ tab: "comments", comments: [] }),
  many: () => ({ tab: "comments", comments: sampleComments(5_000) }),
  hostile: () => ({
    tab: "comments",
    comments: hostileComments(),
    analysis: sampleAnalysis({
      video: { title: "<b>bold</b> \u202Eelttil", comment_count: 8, is_live: false },
      model: { name: "<i>model</i>", digest: "<b>" },
    }),
  }),
  compare: () => ({
    tab: "compare",
    knownVideos: [
      { videoId: "gallery0002", title: "Trailer" },
      { videoId: "gallery0003", title: null },
    ],
  }),
  "compare-ready": () => ({
    tab: "compare",
    comparison: ready(other),
  }),
  "compare-kept": () => ({
    tab: "compare",
    comparison: ready(other, { isStale: true, problem: new Problem("youtube_unavailable") }),
  }),
  "compare-loading": () => ({ tab: "compare", comparison: { kind: "loading", video: "gallery0002" } }),
  "compare-problem": () => ({
    tab: "compare",
    comparison: { kind: "problem", video: "x", problem: new Problem("video_not_found") },
  }),
};
