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
  /** Whether the panel asks again by itself after `Retry-After`. */
  readonly retriesItself?: boolean;
}

const KINDS: Readonly<Record<ProblemCode, Kind>> = {
  invalid_video_id: { group: "BadAddress", canRetry: false },
  comments_disabled: { group: "CommentsDisabled", canRetry: false },
  video_private: { group: "Private", canRetry: false },
  video_not_found: { group: "NotFound", canRetry: false },
  comment_thread_not_found: { group: "NotFound", canRetry: false },
  channel_not_found: { group: "NotFound", canRetry: false },
  quota_exceeded: { group: "Quota", canRetry: false },
  youtube_unavailable: { group: "YouTube", canRetry: true },
  youtube_error: { group: "YouTube", canRetry: true },
  api_key_missing: { group: "ApiKey", canRetry: true },
  api_key_invalid: { group: "ApiKey", canRetry: true },
  overloaded: { group: "Busy", canRetry: true, retriesItself: true },
  not_stored: { group: "Other", canRetry: false },
  comment_unknown: { group: "Other", canRetry: false },
  store_unavailable: { group: "Other", canRetry: true },
  store_error: { group: "Other", canRetry: true },
  out_of_space: { group: "Other", canRetry: true },
  model_unavailable: { group: "Busy", canRetry: true },
  internal_error: { group: "Other", canRetry: true },
  invalid_request: { group: "Other", canRetry: false },
  unauthorized: { group: "Unauthorized", canRetry: true },
  forbidden: { group: "Unauthorized", canRetry: true },
  not_found: { group: "Odd", canRetry: true },
  method_not_allowed: { group: "Odd", canRetry: true },
  too_slow: { group: "Slow", canRetry: true },
  too_large: { group: "TooLong", canRetry: false },
  unsupported_media_type: { group: "Odd", canRetry: true },
  too_many_requests: { group: "Busy", canRetry: true, retriesItself: true },
  rate_limited: { group: "RateLimited", canRetry: true, retriesItself: true },
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

export interface ProblemWords {
  readonly title: string;
  readonly text: string;
  readonly advice: string;
  readonly canRetry: boolean;
  readonly retriesItself: boolean;
}

/** Say a problem; what the service itself says goes before our general words. */
export function problemWords(problem: Problem, { t }: Catalogue): ProblemWords {
  const { group, canRetry, retriesItself = false } = KINDS[problem.code];
  // The service's words on tokens are for programs, not for a viewer.
  const mayQuote = problem.code !== "unauthorized";
  const status = problem.status >= 400 ? t("serverStatus", { status: String(problem.status) }) : "";
  const general = problem.code === "unknown" && status !== "" ? status : t(`problem${group}Text`);
  return {
    title: t(`problem${group}Title`),
    text: (mayQuote && problem.message) || general,
    advice: (mayQuote && problem.advice) || t(`problem${group}Advice`),
    canRetry,
    retriesItself,
  };
}
