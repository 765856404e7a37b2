/**
 * Every way in which a question to the service can fail, as one typed error.
 *
 * Mirrors the service's error body `{"error": {"code", "message", "advice"}}`, and names what the
 * service can't say itself: that it is unreachable, slow, or answers something else.
 */

import * as v from "valibot";

/** Codes of the service (`sentiment/serving/problems.py`). */
export const SERVICE_CODES = [
  "invalid_video_id",
  "comments_disabled",
  "video_private",
  "video_not_found",
  "comment_thread_not_found",
  "channel_not_found",
  "quota_exceeded",
  "youtube_unavailable",
  "youtube_error",
  "api_key_missing",
  "api_key_invalid",
  "overloaded",
  "not_stored",
  "comment_unknown",
  "store_unavailable",
  "store_error",
  "out_of_space",
  "model_unavailable",
  "internal_error",
  "invalid_request",
  "unauthorized",
  "forbidden",
  "page_not_allowed",
  "not_found",
  "method_not_allowed",
  "too_slow",
  "too_large",
  "unsupported_media_type",
  "too_many_requests",
  "rate_limited",
  "timeout",
] as const;

/** Codes that only the panel gives. */
export const PANEL_CODES = [
  "offline",
  "server_unreachable",
  "server_slow",
  "unexpected_answer",
  "stream_cut",
  "permission_missing",
  "page_unreachable",
  "unknown",
] as const;

export type ProblemCode = (typeof SERVICE_CODES)[number] | (typeof PANEL_CODES)[number];

const KNOWN = new Set<string>([...SERVICE_CODES, ...PANEL_CODES]);
const LONGEST_MESSAGE_CHARACTERS = 300;
const LONGEST_WAIT_S = 86_400;

export interface ProblemFacts {
  /** HTTP status; 0 when there was no answer. */
  readonly status?: number;
  /** What the service said; empty when it said nothing. Untrusted. */
  readonly message?: string;
  readonly advice?: string;
  /** Seconds after which trying again makes sense; null when the service named none. */
  readonly retryAfterSeconds?: number | null;
}

/** A question that was not answered. Its title and words for a viewer come from the catalogue. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly status: number;
  readonly advice: string;
  readonly retryAfterSeconds: number | null;
  /** When it came, in ms since the epoch: its seconds count from there. */
  readonly cameAt = Date.now();

  constructor(code: ProblemCode, facts: ProblemFacts = {}) {
    super(facts.message ?? "");
    this.code = code;
    this.status = facts.status ?? 0;
    this.advice = facts.advice ?? "";
    this.retryAfterSeconds = facts.retryAfterSeconds ?? null;
  }
}

/** Return any thrown value as a Problem; one that is none is a defect of ours, code "unknown". */
export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem("unknown");
}

const Text = v.pipe(v.string(), v.transform(shorten));
const OursSchema = v.object({
  code: v.fallback(v.string(), ""),
  message: v.fallback(Text, ""),
  advice: v.fallback(Text, ""),
});
const AnySchema = v.object({
  error: v.optional(v.unknown()),
  detail: v.fallback(Text, ""),
  message: v.fallback(Text, ""),
});

const CODE_OF_STATUS: Readonly<Record<number, ProblemCode>> = {
  401: "unauthorized",
  403: "forbidden",
  404: "unexpected_answer",
  429: "too_many_requests",
  502: "server_unreachable",
  503: "overloaded",
  504: "timeout",
};

/**
 * Read an error answer of any shape; a proxy or a framework may send another than ours.
 *
 * @param status HTTP status, or 0 for an event `problem` of a stream
 * @param body parsed JSON, or the text if it was none
 * @param retryAfter value of the header `Retry-After`
 */
export function problemOfAnswer(
  status: number,
  body: unknown,
  retryAfter: string | null = null,
): Problem {
  const outer = v.safeParse(AnySchema, body);
  const error = outer.success ? outer.output.error : undefined;
  const inner = v.safeParse(OursSchema, error);
  const ours = inner.success ? inner.output : { code: "", message: "", advice: "" };
  const plain = typeof error === "string" ? shorten(error) : "";
  const other = outer.success ? outer.output.detail || outer.output.message : "";
  return new Problem(knownCode(ours.code) ?? CODE_OF_STATUS[status] ?? "unknown", {
    status,
    message: ours.message || plain || other,
    advice: ours.advice,
    retryAfterSeconds: secondsOf(retryAfter),
  });
}

function knownCode(code: string): ProblemCode | null {
  return KNOWN.has(code) ? (code as ProblemCode) : null;
}

function secondsOf(header: string | null): number | null {
  if (header === null || !/^\d{1,6}$/.test(header.trim())) return null;
  return Math.min(Number(header), LONGEST_WAIT_S);
}

function shorten(text: string): string {
  return text.length > LONGEST_MESSAGE_CHARACTERS
    ? `${text.slice(0, LONGEST_MESSAGE_CHARACTERS)}…`
    : text;
}
