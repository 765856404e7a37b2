/** What a stream of an analysis says, typed; the reading of one server-sent event. */

import type { EventSourceMessage } from "eventsource-parser";
import * as v from "valibot";

import { Problem, problemOfAnswer } from "./problem.ts";
import {
  AnalysisSchema,
  CommentsSchema,
  StartedSchema,
  type Analysis,
  type Comment,
  type ModelInfo,
} from "./wire.ts";

export type AnalysisEvent =
  /** The first event, and again when a run was lost: forget the comments seen so far. */
  | {
      readonly kind: "started";
      readonly runId: string;
      readonly videoId: string;
      readonly model: ModelInfo;
      readonly notice: string;
    }
  /** Comments that came since the last one; a known id replaces the older. */
  | { readonly kind: "comments"; readonly comments: readonly Comment[] }
  /** Over all comments so far. `eventId` is what to resume from. */
  | { readonly kind: "analysis"; readonly analysis: Analysis; readonly eventId: string | null }
  /** The connection broke; the client waits, then goes on where it was. */
  | {
      readonly kind: "interrupted";
      readonly problem: Problem;
      readonly attempt: number;
      readonly waitSeconds: number;
    }
  | { readonly kind: "done" };

/**
 * Read one server-sent event.
 *
 * @returns null for a kind that this version does not know
 * @throws Problem the service tells of one, or the event can't be read
 */
export function readEvent(message: EventSourceMessage): AnalysisEvent | null {
  const kind = message.event ?? "message";
  if (kind === "done") return { kind };
  if (kind === "problem") throw problemOfAnswer(0, parseJson(message.data));
  if (kind === "started") {
    const { run_id, video_id, model, notice } = checked(StartedSchema, message.data);
    return { kind, runId: run_id, videoId: video_id, model, notice };
  }
  if (kind === "comments") {
    return { kind, comments: checked(CommentsSchema, message.data).comments };
  }
  if (kind === "analysis") {
    const analysis = checked(AnalysisSchema, message.data);
    return { kind, analysis, eventId: message.id ?? null };
  }
  return null;
}

function checked<const Schema extends v.GenericSchema>(
  schema: Schema,
  data: string,
): v.InferOutput<Schema> {
  const read = v.safeParse(schema, parseJson(data));
  if (read.success) return read.output;
  throw new Problem("unexpected_answer");
}

/** Parse JSON; text that is none comes back as it is. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
