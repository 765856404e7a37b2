/**
 * The shapes that the service answers with, checked at the door so that views can rely on them.
 *
 * Names are the wire's. `schema.d.ts` is generated from the service's document; the `Fits` lines
 * below fail to compile when the two part. A newer or older service may leave parts out: those
 * become null or empty, and are shown as unknown, never as zero.
 */

import * as v from "valibot";

import type { components } from "./schema.d.ts";

type Wire = components["schemas"];

/** Never a guess: what is missing is null. */
const Maybe = v.fallback(v.nullable(v.pipe(v.number(), v.finite())), null);
const Count = v.fallback(v.pipe(v.number(), v.finite(), v.minValue(0)), 0);
const Text = v.fallback(v.string(), "");
const Moment = v.pipe(
  v.string(),
  v.check((text) => !Number.isNaN(Date.parse(text))),
);
const When = v.fallback(v.nullable(Moment), null);

/** Keep the items that can be read, drop the others. */
function listOf<const Item extends v.GenericSchema>(item: Item) {
  return v.fallback(
    v.pipe(
      v.array(v.unknown()),
      v.transform((all): v.InferOutput<Item>[] =>
        all.flatMap((raw) => {
          const read = v.safeParse(item, raw);
          return read.success ? [read.output] : [];
        }),
      ),
    ),
    [],
  );
}

export const LABEL_NAMES = ["negative", "neutral", "positive"] as const;
export type LabelName = (typeof LABEL_NAMES)[number];
export type LabelNumber = -1 | 0 | 1;
export type Status = Wire["Status"];
export type Intent = Wire["Intent"];
export type Reason = Wire["Reason"];

export const STATUSES = [
  "ok",
  "unsure",
  "empty",
  "not_english",
] as const satisfies readonly Status[];
export const INTENTS = [
  "question",
  "request",
  "praise",
  "complaint",
  "spam",
] as const satisfies readonly Intent[];

/** Return the label's word, for instance "negative" for -1. */
export function labelName(label: LabelNumber): LabelName {
  return LABEL_NAMES[(label + 1) as 0 | 1 | 2];
}

/** Return the label's number, for instance -1 for "negative". */
export function labelNumber(name: LabelName): LabelNumber {
  return (LABEL_NAMES.indexOf(name) - 1) as LabelNumber;
}

/** Fetched comments; an older service does not say how many. */
export function fetchedOf({ fetched, analysed, excluded }: Analysis): number {
  return fetched ?? analysed + excluded.empty + excluded.not_english;
}

const Model = v.object({ name: Text, digest: Text });
const NO_MODEL = { name: "", digest: "" };
const NO_SHARE = { share: null, low: null, high: null };
const Share = v.fallback(v.object({ share: Maybe, low: Maybe, high: Maybe }), NO_SHARE);
const NO_SHARES = { negative: NO_SHARE, neutral: NO_SHARE, positive: NO_SHARE };
const Shares = v.fallback(
  v.object({ negative: Share, neutral: Share, positive: Share }),
  NO_SHARES,
);
const Score = v.fallback(
  v.nullable(v.object({ mean: v.pipe(v.number(), v.finite()), low: Maybe, high: Maybe })),
  null,
);
const NONE_EXCLUDED = { empty: 0, not_english: 0 };
const Excluded = v.fallback(v.object({ empty: Count, not_english: Count }), NONE_EXCLUDED);

const SummarySchema = v.object({
  analysed: v.pipe(v.number(), v.finite(), v.minValue(0)),
  excluded: Excluded,
  unsure: Count,
  shares: Shares,
  score: Score,
});
const NO_SUMMARY = {
  analysed: 0,
  excluded: NONE_EXCLUDED,
  unsure: 0,
  shares: NO_SHARES,
  score: null,
};
const Summary = v.fallback(SummarySchema, NO_SUMMARY);

const TrendPoint = v.object({
  start: v.string(),
  end: v.string(),
  analysed: Count,
  shares: Shares,
  score: Score,
});
const Word = v.object({ word: v.string(), z: v.number(), comments: Count });
const Stand = v.fallback(
  v.object({
    most_liked: listOf(v.string()),
    most_telling: listOf(v.string()),
    words: listOf(Word),
  }),
  { most_liked: [], most_telling: [], words: [] },
);
const NOTHING_STANDS = { most_liked: [], most_telling: [], words: [] };

export const PredictionSchema = v.object({
  label: v.picklist([-1, 0, 1]),
  score: Maybe,
  probabilities: v.fallback(
    v.nullable(v.object({ negative: v.number(), neutral: v.number(), positive: v.number() })),
    null,
  ),
  confidence: Maybe,
  status: v.picklist(STATUSES),
});

export const CommentSchema = v.object({
  id: Text,
  parent_id: v.fallback(v.nullable(v.string()), null),
  /** Untrusted. */
  text: v.string(),
  like_count: Maybe,
  published_at: When,
  prediction: PredictionSchema,
  intents: listOf(v.picklist(INTENTS)),
});

/** What is said of a video, without the comments: the event `analysis`. */
export const AnalysisSchema = v.object({
  ...SummarySchema.entries,
  video_id: Text,
  video: v.fallback(
    v.object({
      title: v.fallback(v.nullable(v.string()), null),
      comment_count: Maybe,
      is_live: v.fallback(v.nullable(v.boolean()), null),
    }),
    { title: null, comment_count: null, is_live: null },
  ),
  fetched: v.fallback(v.nullable(Count), null),
  complete: v.fallback(v.boolean(), false),
  reasons: listOf(v.string()),
  replies_left_out: Count,
  trend: listOf(TrendPoint),
  labels: v.fallback(v.object({ negative: Stand, neutral: Stand, positive: Stand }), {
    negative: NOTHING_STANDS,
    neutral: NOTHING_STANDS,
    positive: NOTHING_STANDS,
  }),
  threads: v.fallback(v.object({ top_level: Summary, replies: Summary }), {
    top_level: NO_SUMMARY,
    replies: NO_SUMMARY,
  }),
  intents: v.fallback(v.record(v.string(), Count), {}),
  model: v.fallback(Model, NO_MODEL),
  units_spent: Count,
  quota: v.fallback(v.nullable(v.object({ units_left: Count, resets_at: When })), null),
  fetched_at: When,
  age_s: Maybe,
  stored: v.fallback(v.boolean(), false),
  notice: Text,
});

/** First event of a stream. A second one means: start afresh, the old run is gone. */
export const StartedSchema = v.object({
  run_id: v.string(),
  video_id: v.string(),
  model: v.fallback(Model, NO_MODEL),
  notice: Text,
});
export const CommentsSchema = v.object({ comments: listOf(CommentSchema) });
export const ReadySchema = v.object({ ready: v.literal(true), model: v.fallback(Model, NO_MODEL) });
export const FeedbackSchema = v.object({
  id: v.string(),
  comment_id: v.string(),
  label: v.picklist([-1, 0, 1]),
});
export const ChangesSchema = v.object({ token: v.nullable(v.string()) });
export const ErrorSchema = v.object({
  error: v.object({ code: v.string(), message: v.string(), advice: Text }),
});
export const ModelSchema = Model;

export type ModelInfo = v.InferOutput<typeof Model>;
export type ShareOf = v.InferOutput<typeof Share>;
export type ScoreOf = NonNullable<v.InferOutput<typeof Score>>;
export type Summary = v.InferOutput<typeof SummarySchema>;
export type TrendPoint = v.InferOutput<typeof TrendPoint>;
export type MarkingWord = v.InferOutput<typeof Word>;
export type Prediction = v.InferOutput<typeof PredictionSchema>;
export type Comment = v.InferOutput<typeof CommentSchema>;
export type Analysis = v.InferOutput<typeof AnalysisSchema>;
export type Ready = v.InferOutput<typeof ReadySchema>;
export type Feedback = v.InferOutput<typeof FeedbackSchema>;
export type Order = NonNullable<Wire["AnalyzeRequest"]["order"]>;

type Fits<Ours, _Theirs extends Ours> = true;
/** Compile-time proof that whatever the service documents can be held by what is read here. */
export type Proof = [
  Fits<Analysis, Omit<Wire["AnalyzeBody"], "comments">>,
  Fits<Omit<Comment, "prediction">, Omit<Wire["CommentBody"], "prediction">>,
  Fits<Prediction, Wire["PredictionBody"] & { label: LabelNumber }>,
  Fits<Feedback, Wire["FeedbackBody"] & { label: LabelNumber }>,
  Fits<(typeof INTENTS)[number], Intent>,
  Fits<(typeof STATUSES)[number], Status>,
];
