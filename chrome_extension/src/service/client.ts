/** The one place that talks to the service. Every failure leaves it as a `Problem`. */

import { EventSourceParserStream } from "eventsource-parser/stream";
import * as v from "valibot";

import { parseJson, readEvent, type AnalysisEvent } from "./events.ts";
import { Silence, lineFault, piecesOf, textOf, waitFor } from "./line.ts";
import { Problem, asProblem, problemOfAnswer } from "./problem.ts";
import {
  ChangesSchema,
  FeedbackSchema,
  ModelSchema,
  PredictionSchema,
  ReadySchema,
  fetchedOf,
  type Feedback,
  type LabelNumber,
  type ModelInfo,
  type Order,
  type Prediction,
  type Ready,
} from "./wire.ts";

const TIMEOUT_MS = 60_000;
/** The service sends a ping every 15 s: this long without a byte, and the line is dead. */
const SILENCE_MS = 45_000;
const MOST_ATTEMPTS = 5;
const LONGEST_WAIT_S = 15;
/** Limits of the service (`sentiment/serving/limits.py`). */
export const MAX_TEXTS = 1_000;
export const MAX_TEXT_CHARACTERS = 10_000;
export const MAX_COMMENTS = 10_000;

export interface ServiceOptions {
  /** For instance `http://127.0.0.1:3000`. */
  readonly origin: string;
  /** Bearer token; empty sends none. */
  readonly token?: string;
  readonly fetch?: typeof fetch;
  /** Waits; a test passes its own. Rejects when the signal aborts. */
  readonly wait?: (seconds: number, signal: AbortSignal) => Promise<void>;
}

export interface AnalyseOptions {
  readonly maxComments: number;
  readonly order?: Order;
  /** Id of the last `analysis` event of an earlier stream, to go on from there. */
  readonly lastEventId?: string | null;
  readonly signal: AbortSignal;
}

export class ServiceClient {
  readonly origin: string;
  readonly #token: string;
  readonly #fetch: typeof fetch;
  readonly #wait: (seconds: number, signal: AbortSignal) => Promise<void>;

  constructor({ origin, token = "", fetch, wait = waitFor }: ServiceOptions) {
    this.origin = origin;
    this.#token = token;
    // Called as a plain function: a browser's fetch refuses to be a method.
    this.#fetch = fetch ?? ((input, init) => globalThis.fetch(input, init));
    this.#wait = wait;
  }

  /** Ask whether the service answers requests, and with which model. */
  async readiness(signal?: AbortSignal): Promise<Ready> {
    return read(ReadySchema, await this.#ask("GET", "/readyz", { signal }));
  }

  /** Ask which model answers; unlike `readiness`, this needs the token. */
  async model(signal?: AbortSignal): Promise<ModelInfo> {
    return read(ModelSchema, await this.#ask("GET", "/v1/model", { signal }));
  }

  /**
   * Label texts, for instance the comments loaded on the page.
   *
   * @returns as many predictions, in the order of the texts; a text over the service's length is
   *     cut, any number of texts is taken
   */
  async predict(texts: readonly string[], signal?: AbortSignal): Promise<Prediction[]> {
    const predictions: Prediction[] = [];
    for (let start = 0; start < texts.length; start += MAX_TEXTS) {
      const some = texts.slice(start, start + MAX_TEXTS).map((text) => cut(text));
      const body = await this.#ask("POST", "/v1/predict", { body: { texts: some }, signal });
      predictions.push(...read(v.pipe(v.array(PredictionSchema), v.length(some.length)), body));
    }
    return predictions;
  }

  /** Store a correction. `voter` is a random word that makes a second vote replace the first. */
  async sendFeedback(
    commentId: string,
    label: LabelNumber,
    voter: string,
    signal?: AbortSignal,
  ): Promise<Feedback> {
    const body = { comment_id: commentId, label, voter };
    return read(FeedbackSchema, await this.#ask("POST", "/v1/feedback", { body, signal }));
  }

  /** Undo a correction by the id that `sendFeedback` returned. */
  async undoFeedback(id: string, signal?: AbortSignal): Promise<void> {
    await this.#ask("DELETE", `/v1/feedback/${encodeURIComponent(id)}`, { signal });
  }

  /**
   * Wait until the service has kept comments of a video that it watches, a while at most.
   *
   * @param after the token that was returned last; null asks for the present one
   * @returns a token: another one than `after` where comments have come; null: the service does not
   *     watch the video
   */
  async changes(video: string, after: string | null, signal: AbortSignal): Promise<string | null> {
    const query = after === null ? "" : `?${new URLSearchParams({ after })}`;
    const path = `/v1/videos/${encodeURIComponent(video)}/changes${query}`;
    return read(ChangesSchema, await this.#ask("GET", path, { signal })).token;
  }

  /**
   * Follow an analysis as it grows; ends after `done`.
   *
   * A broken connection is mended: `interrupted` is said, then the stream goes on after the last
   * `analysis`; comments may then come twice. A second `started` means that the run was lost.
   *
   * @throws Problem the service refuses or fails, or mending did not help
   * @throws DOMException `AbortError`, after an abort through `signal`
   */
  async *analyse(video: string, options: AnalyseOptions): AsyncGenerator<AnalysisEvent, void> {
    const { signal } = options;
    let lastEventId = options.lastEventId ?? null;
    let attempt = 0;
    let mostFetched = 0;
    for (;;) {
      try {
        for await (const event of this.#stream(video, { ...options, lastEventId })) {
          if (event.kind === "analysis") {
            if (event.eventId !== null) lastEventId = event.eventId;
            // What gets on is mended without end, not what breaks at the same place each time.
            if (fetchedOf(event.analysis) > mostFetched) attempt = 0;
            mostFetched = Math.max(mostFetched, fetchedOf(event.analysis));
          }
          if (event.kind === "started") lastEventId = null;
          yield event;
          if (event.kind === "done") return;
        }
        throw new Problem("stream_cut");
      } catch (error) {
        signal.throwIfAborted();
        const problem = asProblem(error);
        if (problem !== error) throw error;
        attempt += 1;
        // Before the first event a failure is an answer, not an accident.
        const mayMend = problem.code === "stream_cut" || (isLineFault(problem) && attempt > 1);
        if (!mayMend || attempt > MOST_ATTEMPTS) throw attempt > MOST_ATTEMPTS ? lost() : problem;
        const waitSeconds = Math.min(2 ** (attempt - 1), LONGEST_WAIT_S);
        yield { kind: "interrupted", problem, attempt, waitSeconds };
        await this.#wait(waitSeconds, signal);
      }
    }
  }

  async *#stream(video: string, options: AnalyseOptions): AsyncGenerator<AnalysisEvent, void> {
    const query = new URLSearchParams({
      video_id: video,
      max_comments: String(options.maxComments),
      ...(options.order ? { order: options.order } : {}),
    });
    const silence = new Silence(SILENCE_MS);
    try {
      const response = await this.#send("GET", `/v1/analyze/stream?${query}`, {
        accept: "text/event-stream",
        lastEventId: options.lastEventId ?? null,
        signal: AbortSignal.any([options.signal, silence.signal]),
        ranOut: silence.signal,
      });
      const type = response.headers.get("content-type") ?? "";
      if (response.body === null || !type.startsWith("text/event-stream")) {
        throw new Problem("unexpected_answer", { status: response.status });
      }
      const pieces = response.body
        .pipeThrough(silence.listening())
        .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
        .pipeThrough(new EventSourceParserStream());
      for await (const message of piecesOf(pieces, options.signal)) {
        const event = readEvent(message);
        if (event !== null) yield event;
      }
    } finally {
      silence.end();
    }
  }

  async #ask(
    method: string,
    path: string,
    { body, signal }: { body?: unknown; signal?: AbortSignal | undefined } = {},
  ): Promise<unknown> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const both = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    const response = await this.#send(method, path, { body, signal: both, ranOut: timeout });
    return parseJson(await textOf(response, both, timeout));
  }

  async #send(
    method: string,
    path: string,
    wanted: {
      body?: unknown;
      accept?: string;
      lastEventId?: string | null;
      signal: AbortSignal;
      ranOut: AbortSignal;
    },
  ): Promise<Response> {
    const headers = new Headers({ Accept: wanted.accept ?? "application/json" });
    if (this.#token !== "") headers.set("Authorization", `Bearer ${this.#token}`);
    if (wanted.lastEventId) headers.set("Last-Event-ID", wanted.lastEventId);
    if (wanted.body !== undefined) headers.set("Content-Type", "application/json");
    let response: Response;
    try {
      response = await this.#fetch(new URL(path, this.origin), {
        method,
        headers,
        ...(wanted.body === undefined ? {} : { body: JSON.stringify(wanted.body) }),
        signal: wanted.signal,
        cache: "no-store",
        credentials: "omit",
        referrerPolicy: "no-referrer",
        // An answer from another host would be one that was not permitted.
        redirect: "error",
      });
    } catch (error) {
      throw lineFault(error, wanted.signal, wanted.ranOut);
    }
    if (response.ok) return response;
    const text = await textOf(response, wanted.signal, wanted.ranOut);
    throw problemOfAnswer(response.status, parseJson(text), response.headers.get("retry-after"));
  }
}

function isLineFault({ code }: Problem): boolean {
  return code === "server_unreachable" || code === "server_slow" || code === "offline";
}

function lost(): Problem {
  return new Problem("server_unreachable");
}

function read<const Schema extends v.GenericSchema>(
  schema: Schema,
  body: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, body);
  if (result.success) return result.output;
  throw new Problem("unexpected_answer");
}

/** Cut a text to what the service takes, which counts code points. */
function cut(text: string): string {
  if (text.length <= MAX_TEXT_CHARACTERS) return text;
  return [...text].slice(0, MAX_TEXT_CHARACTERS).join("");
}
