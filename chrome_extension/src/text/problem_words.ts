/** Problems in a viewer's words: the table from codes to titles, messages and advice. */

import type { Problem, ProblemCode } from "../service/problem.ts";
import type { Catalogue, MessageKey } from "./catalogue.ts";

type Group = MessageKey extends infer Key
  ? Key extends `problem${infer Name}Title`
    ? Name
    : never
  : never;

interface Kind {
  readonly group: Group;
  /** Whether the same question may get another answer soon. */
  readonly canRetry: boolean;
}

const KINDS: Readonly<Record<ProblemCode, Kind>> = {
  invalid_video_id: { group: "BadAddress", canRetry: false },
  comments_disabled: { group: "CommentsDisabled", canRetry: false },
  video_private: { group: "Private", canRetry: false },
  video_not_found: { group: "NotFound", canRetry: false },
  comment_thread_not_found: { group: "NotFound", canRetry: false },
  channel_not_found: { group: "NotFound", canRetry: false },
  quota_exceeded: { group: "Quota", canRetry: true },
  youtube_unavailable: { group: "YouTube", canRetry: true },
  youtube_error: { group: "YouTube", canRetry: true },
  api_key_missing: { group: "ApiKey", canRetry: true },
  api_key_invalid: { group: "ApiKey", canRetry: true },
  overloaded: { group: "Busy", canRetry: true },
  not_stored: { group: "Other", canRetry: false },
  comment_unknown: { group: "CommentUnknown", canRetry: false },
  store_unavailable: { group: "Store", canRetry: true },
  store_error: { group: "Store", canRetry: true },
  out_of_space: { group: "Full", canRetry: true },
  model_unavailable: { group: "Busy", canRetry: true },
  internal_error: { group: "Other", canRetry: true },
  invalid_request: { group: "Mismatch", canRetry: false },
  unauthorized: { group: "Unauthorized", canRetry: true },
  forbidden: { group: "Unauthorized", canRetry: true },
  page_not_allowed: { group: "NotAllowed", canRetry: true },
  not_found: { group: "Mismatch", canRetry: true },
  method_not_allowed: { group: "Mismatch", canRetry: true },
  too_slow: { group: "Slow", canRetry: true },
  too_large: { group: "TooLong", canRetry: false },
  unsupported_media_type: { group: "Mismatch", canRetry: true },
  too_many_requests: { group: "Busy", canRetry: true },
  rate_limited: { group: "RateLimited", canRetry: true },
  timeout: { group: "Slow", canRetry: true },
  offline: { group: "Offline", canRetry: true },
  server_unreachable: { group: "Unreachable", canRetry: true },
  server_slow: { group: "Slow", canRetry: true },
  unexpected_answer: { group: "Odd", canRetry: true },
  stream_cut: { group: "Unreachable", canRetry: true },
  permission_missing: { group: "Permission", canRetry: true },
  page_unreachable: { group: "Page", canRetry: true },
  unknown: { group: "Other", canRetry: true },
};

/** Where the service may say how long it wants to be left alone. */
const WAITING: readonly Group[] = ["Busy", "RateLimited"];

export interface ProblemWords {
  readonly title: string;
  readonly text: string;
  readonly advice: string;
  /** The service's own words, in English and untrusted; empty unless there are none of ours for it. */
  readonly quoted: string;
  readonly canRetry: boolean;
}

/** Say a problem in the viewer's language; of what the service says, its numbers are kept. */
export function problemWords(problem: Problem, { t }: Catalogue): ProblemWords {
  const { group, canRetry } = KINDS[problem.code];
  const { code, status, message, advice, retryAfterSeconds } = problem;
  const isUnknown = code === "unknown";
  return {
    title: t(`problem${group}Title`),
    text:
      isUnknown && status >= 400
        ? t("serverStatus", { status: String(status) })
        : t(`problem${group}Text`),
    advice:
      WAITING.includes(group) && retryAfterSeconds !== null
        ? t("problemWaitAdvice", { count: retryAfterSeconds })
        : t(`problem${group}Advice`),
    quoted: isUnknown ? [message, advice].filter(Boolean).join(" ") : "",
    canRetry,
  };
}
