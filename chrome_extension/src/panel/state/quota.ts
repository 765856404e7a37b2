/** When the quota comes back. */

import type { Problem } from "../../service/problem.ts";
import type { Analysis } from "../../service/wire.ts";

/** Return the moment, from the last result or else from the refusal; null when neither says it. */
export function quotaResetOf(problem: Problem, analysis: Analysis | null): Date | null {
  const { code, cameAt, retryAfterSeconds } = problem;
  if (code !== "quota_exceeded") return null;
  const resetsAt = Date.parse(analysis?.quota?.resets_at ?? "");
  // A result that was kept may speak of a day that is over.
  if (resetsAt > cameAt) return new Date(resetsAt);
  return retryAfterSeconds === null ? null : new Date(cameAt + retryAfterSeconds * 1_000);
}
