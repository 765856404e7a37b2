/** When the quota comes back. */

import type { Problem } from "../../service/problem.ts";
import type { Analysis } from "../../service/wire.ts";

/** Return the moment, from the refusal or else from the last result; null when neither says it. */
export function quotaResetOf(problem: Problem, analysis: Analysis | null): Date | null {
  if (problem.code !== "quota_exceeded") return null;
  const { retryAfterSeconds } = problem;
  if (retryAfterSeconds !== null) return new Date(Date.now() + retryAfterSeconds * 1_000);
  const resetsAt = analysis?.quota?.resets_at ?? null;
  return resetsAt === null ? null : new Date(resetsAt);
}
