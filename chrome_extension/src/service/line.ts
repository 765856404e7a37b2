/** The line to the service: when it is dead, what its breaks are called, and waiting. */

import { Problem } from "./problem.ts";

/** Aborts when nothing was heard for a time; pings count as heard. */
export class Silence {
  readonly #controller = new AbortController();
  readonly #longestMs: number;
  #timer: ReturnType<typeof setTimeout>;

  constructor(longestMs: number) {
    this.#longestMs = longestMs;
    this.#timer = this.#start();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  listening(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
    return new TransformStream({
      transform: (piece, out) => {
        clearTimeout(this.#timer);
        this.#timer = this.#start();
        out.enqueue(piece);
      },
    });
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #start(): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#controller.abort(), this.#longestMs);
  }
}

/** Yield what a stream brings; stops it when nobody listens any more. */
export async function* piecesOf<Piece>(
  stream: ReadableStream<Piece>,
  signal: AbortSignal,
): AsyncGenerator<Piece, void> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        signal.throwIfAborted();
        console.info("the stream broke:", error);
        throw new Problem("stream_cut");
      });
      if (done) return;
      yield value;
    }
  } finally {
    // Whoever stops listening also stops the service's work.
    await reader.cancel().catch(() => undefined);
  }
}

/** Return the body of an answer. */
export async function textOf(
  response: Response,
  signal: AbortSignal,
  ranOut: AbortSignal,
): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    throw lineFault(error, signal, ranOut);
  }
}

/** Return what to throw when no answer came: an abort stays one, all else is a Problem. */
export function lineFault(error: unknown, signal: AbortSignal, ranOut: AbortSignal): unknown {
  if (ranOut.aborted) return new Problem("server_slow");
  if (signal.aborted) return error;
  return new Problem(globalThis.navigator?.onLine === false ? "offline" : "server_unreachable");
}

/** Wait, or reject as soon as the signal aborts. */
export function waitFor(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, seconds * 1_000);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
