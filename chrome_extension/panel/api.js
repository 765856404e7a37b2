/** The one place that talks to the service. Every failure leaves it as a `Problem`. */

import { Problem, problemFromAnswer } from "./problem.js";
import { readAnalysis } from "./wire.js";

/** @typedef {import("./wire.js").Analysis} Analysis */

const MAX_COMMENTS = 500;
const TIMEOUT_MS = 120_000;

/**
 * Ask the service for the analysis of a video.
 *
 * @param {string} server origin of the service, for instance `http://127.0.0.1:3000`
 * @param {string} video id or any address of the video; the service checks it
 * @param {AbortSignal} signal aborts the request
 * @returns {Promise<Analysis>}
 * @throws {Problem} no analysis, and why
 * @throws {DOMException} `AbortError`, after an abort through `signal`
 */
export async function analyze(server, video, signal) {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(new URL("/v1/analyze", server), {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ video_id: video, max_comments: MAX_COMMENTS }),
      signal: AbortSignal.any([signal, timeout]),
      cache: "no-store",
      credentials: "same-origin",
      referrerPolicy: "no-referrer",
    });
    const body = parseJson(await response.text());
    if (!response.ok) throw problemFromAnswer(response.status, body);
    return readAnalysis(body);
  } catch (error) {
    if (error instanceof Problem || signal.aborted) throw error;
    throw new Problem(timeout.aborted ? "server_slow" : "server_unreachable");
  }
}

/**
 * @param {string} text
 * @returns {unknown} the text itself if it is no JSON
 */
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
