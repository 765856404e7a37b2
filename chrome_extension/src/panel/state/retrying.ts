/** After which problems the panel asks again by itself, and when. */

import type { Problem, ProblemCode } from "../../service/problem.ts";
import type { Analysis } from "../../service/wire.ts";
import { quotaResetOf } from "./quota.ts";

/** The service asks for patience; it is asked once more, then it is the viewer's turn. */
const BUSY: readonly ProblemCode[] = ["rate_limited", "too_many_requests", "overloaded"];
/** The way to the service is broken; it is tried until it is mended. */
const LINE: readonly ProblemCode[] = [
  "offline",
  "server_unreachable",
  "server_slow",
  "stream_cut",
];
const BUSY_WAIT_S = 5;
const FIRST_LINE_WAIT_S = 10;
const LONGEST_LINE_WAIT_S = 120;

/** Whether a problem may be gone as soon as there is a network again. */
export function isLineProblem(problem: Problem): boolean {
  return LINE.includes(problem.code);
}

/** Whether the service only asks for patience: where it is given by itself, there is nothing to do. */
export function isBusyProblem(problem: Problem): boolean {
  return BUSY.includes(problem.code);
}

/**
 * Return after how many seconds to ask again; null: not by itself.
 *
 * @param tries how often it has been asked again by itself since the viewer last asked
 * @param analysis the last result, which may say when the quota is renewed
 */
export function retrySeconds(
  problem: Problem,
  tries: number,
  analysis: Analysis | null = null,
): number | null {
  if (isBusyProblem(problem)) {
    return tries === 0 ? (problem.retryAfterSeconds ?? BUSY_WAIT_S) : null;
  }
  if (problem.code === "quota_exceeded") {
    return tries === 0 ? secondsToRenewal(problem, analysis) : null;
  }
  if (!isLineProblem(problem)) return null;
  return Math.min(FIRST_LINE_WAIT_S * 2 ** Math.min(tries, 10), LONGEST_LINE_WAIT_S);
}

/** The refusal's own seconds first: whose clock is ahead would else ask too early, and only once. */
function secondsToRenewal(problem: Problem, analysis: Analysis | null): number | null {
  if (problem.retryAfterSeconds !== null) return problem.retryAfterSeconds;
  const resetsAt = quotaResetOf(problem, analysis);
  return resetsAt === null ? null : Math.ceil((resetsAt.getTime() - Date.now()) / 1_000);
}
