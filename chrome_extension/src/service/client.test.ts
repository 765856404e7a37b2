// @vitest-environment node
import { describe, expect, it } from "vitest";

import { ServiceClient } from "./client.ts";
import type { AnalysisEvent } from "./events.ts";
import { Problem } from "./problem.ts";

const ANALYSIS = { analysed: 3, video_id: "v" };
const COMMENT = { id: "a", text: "hi", prediction: { label: 1, status: "ok" } };

interface Asked {
  readonly url: URL;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A client whose questions are answered in turn, and what it asked. */
function clientOf(...answers: (Response | Error)[]) {
  const asked: Asked[] = [];
  const waited: number[] = [];
  const client = new ServiceClient({
    origin: "http://127.0.0.1:3000",
    token: "t0ken",
    fetch: (input, init) => {
      const body = init?.body === undefined ? null : JSON.parse(String(init.body));
      asked.push({ url: new URL(String(input)), headers: new Headers(init?.headers), body });
      const answer = answers.shift() ?? new TypeError("no more answers");
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    wait: (seconds) => {
      waited.push(seconds);
      return Promise.resolve();
    },
  });
  return { client, asked, waited };
}

function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers });
}

function events(...said: [kind: string, data: unknown, id?: string][]): Response {
  const text = said.map(
    ([kind, data, id]) =>
      `event: ${kind}\n${id ? `id: ${id}\n` : ""}data: ${JSON.stringify(data)}\n\n`,
  );
  return new Response(text.join(""), { headers: { "content-type": "text/event-stream" } });
}

const STARTED: [string, unknown] = ["started", { run_id: "r", video_id: "v" }];

async function follow(client: ServiceClient, lastEventId: string | null = null) {
  const heard: AnalysisEvent[] = [];
  const signal = new AbortController().signal;
  for await (const event of client.analyse("v", { maxComments: 9, lastEventId, signal })) {
    heard.push(event);
  }
  return heard;
}

async function problemOf(promise: Promise<unknown>): Promise<Problem> {
  const thrown: unknown = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (thrown instanceof Problem) return thrown;
  throw new Error(`wanted a Problem, got ${String(thrown)}`);
}

describe("ServiceClient", () => {
  it("sends the token and asks for what was wanted", async () => {
    const { client, asked } = clientOf(events(STARTED, ["done", {}]));
    await follow(client);
    expect(asked[0]?.headers.get("authorization")).toBe("Bearer t0ken");
    expect(asked[0]?.url.href).toBe(
      "http://127.0.0.1:3000/v1/analyze/stream?video_id=v&max_comments=9",
    );
  });

  it("yields typed events and ends after done", async () => {
    const { client } = clientOf(
      events(
        STARTED,
        ["comments", { comments: [COMMENT, { odd: 1 }] }],
        ["analysis", ANALYSIS, "r:1"],
        ["brand_new", {}],
        ["done", {}],
      ),
    );
    const heard = await follow(client);
    expect(heard.map(({ kind }) => kind)).toEqual(["started", "comments", "analysis", "done"]);
    expect(heard[1]).toMatchObject({ comments: [{ id: "a", text: "hi", like_count: null }] });
    expect(heard[2]).toMatchObject({ eventId: "r:1", analysis: { score: null, notice: "" } });
  });

  it("goes on after the last analysis when the line breaks", async () => {
    const { client, asked, waited } = clientOf(
      events(STARTED, ["analysis", ANALYSIS, "r:1"]),
      new TypeError("Failed to fetch"),
      events(["analysis", { ...ANALYSIS, analysed: 5 }, "r:2"], ["done", {}]),
    );
    const heard = await follow(client);
    expect(heard.map(({ kind }) => kind)).toEqual([
      "started",
      "analysis",
      "interrupted",
      "interrupted",
      "analysis",
      "done",
    ]);
    expect(asked.map(({ headers }) => headers.get("last-event-id"))).toEqual([null, "r:1", "r:1"]);
    expect(waited).toEqual([1, 2]);
  });

  it("forgets where it was when the run was lost", async () => {
    const { client, asked } = clientOf(
      events(STARTED, ["analysis", ANALYSIS, "r:1"]),
      events(["started", { run_id: "s", video_id: "v" }]),
      events(STARTED, ["done", {}]),
    );
    await follow(client);
    expect(asked[2]?.headers.get("last-event-id")).toBeNull();
  });

  it("gives up after some tries", async () => {
    const { client, asked } = clientOf(events(STARTED));
    expect((await problemOf(follow(client))).code).toBe("server_unreachable");
    expect(asked).toHaveLength(6);
  });

  it("gives up where each answer breaks before anything has come of it", async () => {
    const { client, asked } = clientOf(...Array.from({ length: 20 }, () => events(STARTED)));
    expect((await problemOf(follow(client))).code).toBe("server_unreachable");
    expect(asked).toHaveLength(6);
  });

  it("does not give up while each answer counts more comments than the one before", async () => {
    const answers = Array.from({ length: 10 }, (_, at) =>
      events(["analysis", { ...ANALYSIS, analysed: at + 1 }, `r:${at}`]),
    );
    const { client, waited } = clientOf(...answers, events(["done", {}]));
    expect((await follow(client)).at(-1)).toEqual({ kind: "done" });
    expect(waited).toEqual(Array.from({ length: 10 }, () => 1));
  });

  it("does not try again where the first answer never came", async () => {
    const { client, asked } = clientOf(new TypeError("Failed to fetch"));
    expect((await problemOf(follow(client))).code).toBe("server_unreachable");
    expect(asked).toHaveLength(1);
  });

  it("throws the problem that a stream ends with", async () => {
    const error = { code: "quota_exceeded", message: "m", advice: "a" };
    const { client } = clientOf(events(STARTED, ["problem", { error }]));
    expect(await problemOf(follow(client))).toMatchObject({ ...error, status: 0 });
  });

  it("says what the service said of an error, and when to come back", async () => {
    const error = { code: "rate_limited", message: "m", advice: "a" };
    const { client } = clientOf(json({ error }, 429, { "retry-after": "7" }));
    expect(await problemOf(client.readiness())).toMatchObject({
      ...error,
      status: 429,
      retryAfterSeconds: 7,
    });
  });

  it.each([["<h1>hi</h1>"], ["null"], ["{}"], [""]])("refuses the answer %j", async (body) => {
    const { client } = clientOf(json(body));
    expect((await problemOf(client.readiness())).code).toBe("unexpected_answer");
  });

  it("refuses a stream that is none", async () => {
    const { client } = clientOf(json({}));
    expect((await problemOf(follow(client))).code).toBe("unexpected_answer");
  });

  it("stays an abort when it was aborted", async () => {
    const { client } = clientOf(events(STARTED, ["done", {}]));
    const stop = new AbortController();
    const options = { maxComments: 9, signal: stop.signal };
    const following = (async () => {
      for await (const event of client.analyse("v", options)) {
        if (event.kind === "started") stop.abort();
      }
    })();
    await expect(following).resolves.toBeUndefined();
    const later = client.analyse("v", options).next();
    await expect(later).rejects.toMatchObject({ name: "AbortError" });
  });

  it("labels any number of texts, a thousand at a time, each cut to what is taken", async () => {
    const prediction = { label: 0, status: "ok" };
    const answer = (count: number) => json(Array.from({ length: count }, () => prediction));
    const { client, asked } = clientOf(answer(1_000), answer(1));
    const texts = [...Array.from({ length: 1_000 }, () => "a"), "😀".repeat(10_001)];
    expect(await client.predict(texts)).toHaveLength(1_001);
    const last = (asked[1]?.body as { texts: string[] }).texts[0];
    expect([...(last ?? "")]).toHaveLength(10_000);
  });

  it("refuses predictions that are fewer than the texts", async () => {
    const { client } = clientOf(json([]));
    expect((await problemOf(client.predict(["a"]))).code).toBe("unexpected_answer");
  });

  it("stores a correction and undoes it", async () => {
    const stored = { id: "f/1", comment_id: "a", label: -1 };
    const { client, asked } = clientOf(json(stored, 201), new Response(null, { status: 204 }));
    expect(await client.sendFeedback("a", -1, "voter-123")).toEqual(stored);
    await client.undoFeedback(stored.id);
    expect(asked[0]?.body).toEqual({ comment_id: "a", label: -1, voter: "voter-123" });
    expect(asked[1]?.url.pathname).toBe("/v1/feedback/f%2F1");
  });
});

describe("waiting for comments of a watched video", () => {
  const signal = new AbortController().signal;

  it("asks for the present token, then for another one", async () => {
    const { client, asked } = clientOf(json({ token: "a+1" }), json({ token: null }));
    expect(await client.changes("v", null, signal)).toBe("a+1");
    expect(await client.changes("v", "a+1", signal)).toBeNull();
    expect(asked.map(({ url }) => url.pathname + url.search)).toEqual([
      "/v1/videos/v/changes",
      "/v1/videos/v/changes?after=a%2B1",
    ]);
  });
});
