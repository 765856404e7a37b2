/**
 * The comments that are loaded on the page, labelled by the service and counted here.
 *
 * No text is analysed here: the service labels, this counts, with the service's own intervals.
 * What can't be known without YouTube's data, such as times, likes and intents, is left unknown.
 */

import type { Host, LoadedComment } from "../../host/host.ts";
import { Problem } from "../../service/problem.ts";
import {
  labelName,
  type Analysis,
  type Comment,
  type LabelName,
  type ModelInfo,
  type Prediction,
  type Summary,
} from "../../service/wire.ts";
import type { Service } from "./around.ts";
import { isRead } from "./filtering.ts";
import type { Gathered } from "./gathering.ts";
import { meanScore, wilson } from "./intervals.ts";

/** Few enough for a first result within a second. */
const CHUNK = 100;
const MOST_TELLING = 3;
const NO_WORDS = { most_liked: [], words: [] };

/**
 * Label what is loaded, chunk by chunk.
 *
 * @returns the result so far after each chunk; one empty result when nothing is loaded
 * @throws Problem the page or the service does not answer
 * @throws DOMException `AbortError`, after an abort through `signal`
 */
export async function* labelLoadedComments(
  host: Host,
  service: Service,
  asked: {
    readonly videoId: string;
    /** That this is not YouTube's data, in the viewer's language. */
    readonly notice: string;
    readonly signal: AbortSignal;
  },
): AsyncGenerator<Gathered, void> {
  const { videoId, notice, signal } = asked;
  const [loaded, model] = await Promise.all([host.readLoadedComments(), service.model(signal)]);
  const comments: Comment[] = [];
  for (let start = 0; start < Math.max(1, loaded.length); start += CHUNK) {
    const some = loaded.slice(start, start + CHUNK);
    const predictions =
      some.length === 0
        ? []
        : await service.predict(
            some.map(({ text }) => text),
            signal,
          );
    signal.throwIfAborted();
    comments.push(...some.map((one, index) => labelled(one, predictions[index])));
    yield {
      analysis: aggregate(videoId, comments, { model, notice, loaded: loaded.length }),
      comments: [...comments],
    };
  }
}

/**
 * Count labelled comments of a page.
 *
 * @param about `loaded`: how many are loaded, labelled already or not
 */
export function aggregate(
  videoId: string,
  comments: readonly Comment[],
  about: { readonly model: ModelInfo; readonly notice: string; readonly loaded: number },
): Analysis {
  return {
    ...summary(comments),
    video_id: videoId,
    video: { title: null, comment_count: null, is_live: null },
    fetched: about.loaded,
    // A page never loads all by itself, and does not say whether it has.
    complete: false,
    reasons: [],
    replies_left_out: 0,
    trend: [],
    labels: {
      negative: { ...NO_WORDS, most_telling: mostTelling(comments, "negative") },
      neutral: { ...NO_WORDS, most_telling: mostTelling(comments, "neutral") },
      positive: { ...NO_WORDS, most_telling: mostTelling(comments, "positive") },
    },
    threads: {
      top_level: summary(comments.filter(({ parent_id }) => parent_id === null)),
      replies: summary(comments.filter(({ parent_id }) => parent_id !== null)),
    },
    intents: {},
    model: about.model,
    units_spent: 0,
    quota: null,
    fetched_at: new Date().toISOString(),
    age_s: 0,
    stored: false,
    notice: about.notice,
  };
}

function labelled({ id, text }: LoadedComment, prediction: Prediction | undefined): Comment {
  if (prediction === undefined) throw new Problem("unexpected_answer");
  const [parent, child] = (id ?? "").split(".");
  return {
    id: id ?? "",
    parent_id: child === undefined || parent === undefined ? null : parent,
    text,
    like_count: null,
    published_at: null,
    prediction,
    intents: [],
  };
}

function summary(comments: readonly Comment[]): Summary {
  const read = comments.filter(isRead);
  const count = (status: Prediction["status"]) =>
    comments.filter(({ prediction }) => prediction.status === status).length;
  const mean = meanScore(read.flatMap(({ prediction }) => prediction.score ?? []));
  return {
    analysed: read.length,
    excluded: { empty: count("empty"), not_english: count("not_english") },
    unsure: count("unsure"),
    shares: {
      negative: share(read, "negative"),
      neutral: share(read, "neutral"),
      positive: share(read, "positive"),
    },
    score: mean === null ? null : { mean: mean.estimate, low: mean.low, high: mean.high },
  };
}

function share(read: readonly Comment[], name: LabelName): Summary["shares"][LabelName] {
  if (read.length === 0) return { share: null, low: null, high: null };
  const successes = read.filter(({ prediction }) => labelName(prediction.label) === name).length;
  const { estimate, low, high } = wilson(successes, read.length);
  return { share: estimate, low, high };
}

/** Ids of the comments that the model is surest of. */
function mostTelling(comments: readonly Comment[], name: LabelName): string[] {
  return comments
    .filter(
      ({ id, prediction }) =>
        id !== "" && prediction.status === "ok" && labelName(prediction.label) === name,
    )
    .sort((a, b) => (b.prediction.confidence ?? 0) - (a.prediction.confidence ?? 0))
    .slice(0, MOST_TELLING)
    .map(({ id }) => id);
}
