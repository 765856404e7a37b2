import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { Problem } from "../../service/problem.ts";
import { Analysing } from "./analysing.ts";
import { Archive } from "./archive.ts";
import {
  MODEL,
  ORIGIN,
  OTHER_VIDEO,
  PretendService,
  VIDEO,
  analysisOf,
  comments,
  pretendAround,
  settled,
  started,
  wholeRun,
} from "./pretend.ts";
import { Shown } from "./shown.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

async function panel(service = new PretendService()) {
  const around = pretendAround(service);
  const archive = new Archive(around.host.session);
  await archive.open();
  const shown = new Shown();
  const analysing = new Analysing(around, archive, shown);
  return { around, archive, shown, analysing, service };
}

/** Show a video whose result comes to its end. */
async function complete(count = 3) {
  const all = await panel();
  all.analysing.show(VIDEO);
  await settled();
  all.service.lastRun.say(...wholeRun(comments(count)));
  await settled();
  return all;
}

test("a run is shown as it grows", async () => {
  const { analysing, shown, service } = await panel();
  analysing.show(VIDEO);
  expect(shown.phase.value).toEqual({ kind: "loading" });
  await settled();
  const [a, b] = comments(2);
  service.lastRun.say(started(), { kind: "comments", comments: [a!] });
  await settled();
  expect(shown.model.value).toEqual(MODEL);
  expect(shown.comments.value).toEqual([]);
  service.lastRun.say({ kind: "analysis", analysis: analysisOf([a!]), eventId: "r:1" });
  await settled();
  expect(shown.phase.value).toEqual({ kind: "streaming" });
  expect(shown.comments.value).toEqual([a]);
  service.lastRun.say(
    { kind: "comments", comments: [b!] },
    { kind: "analysis", analysis: analysisOf([a!, b!]), eventId: "r:2" },
    { kind: "done" },
  );
  service.lastRun.end();
  await settled();
  expect(shown.phase.value).toEqual({ kind: "complete" });
  expect(shown.commentById.value.get("c1")).toEqual(b);
  expect(shown.stale.value).toBe(false);
});

test("a known comment replaces the older one in its place", async () => {
  const { analysing, shown, service } = await panel();
  analysing.show(VIDEO);
  await settled();
  const [a, b] = comments(2);
  const changed = { ...a!, text: "edited" };
  service.lastRun.say(
    started(),
    { kind: "comments", comments: [a!, b!] },
    { kind: "comments", comments: [changed] },
    { kind: "analysis", analysis: analysisOf([a!, b!]), eventId: null },
  );
  await settled();
  expect(shown.comments.value).toEqual([changed, b]);
});

test("a late event of an earlier video touches nothing", async () => {
  const { analysing, shown, service } = await panel();
  analysing.show(VIDEO);
  await settled();
  const late = service.lastRun;
  analysing.show(OTHER_VIDEO);
  await settled();
  late.say(...wholeRun(comments(9)));
  late.fail(new Problem("video_private"));
  await settled();
  expect(late.signal.aborted).toBe(true);
  expect(shown.videoId.value).toBe(OTHER_VIDEO);
  expect(shown.phase.value).toEqual({ kind: "loading" });
  expect(shown.analysis.value).toBeNull();
});

test("a late event touches nothing also where nothing can be aborted", async () => {
  vi.spyOn(AbortController.prototype, "abort").mockReturnValue();
  const { analysing, shown, service } = await panel();
  analysing.show(VIDEO);
  await settled();
  const late = service.lastRun;
  analysing.show(OTHER_VIDEO);
  await settled();
  late.say(...wholeRun(comments(9)));
  await settled();
  expect(shown.phase.value).toEqual({ kind: "loading" });
  expect(shown.comments.value).toEqual([]);
});

test("a late failure of an earlier video is no failure of this one", async () => {
  const { analysing, shown, service } = await panel();
  analysing.show(VIDEO);
  await settled();
  const late = service.lastRun;
  analysing.show(OTHER_VIDEO);
  late.fail(new Problem("video_private"));
  await settled();
  expect(shown.phase.value).toEqual({ kind: "loading" });
});

test("a page without a video shows nothing", async () => {
  const { analysing, shown } = await complete();
  analysing.show(null);
  expect(shown.phase.value).toEqual({ kind: "resting" });
  expect(shown.analysis.value).toBeNull();
  expect(shown.comments.value).toEqual([]);
});

test("an interruption is shown, and that it is over", async () => {
  const { analysing, shown, service } = await panel();
  analysing.show(VIDEO);
  await settled();
  const problem = new Problem("stream_cut");
  service.lastRun.say(started(), { kind: "interrupted", problem, attempt: 1, waitSeconds: 2 });
  await settled();
  expect(shown.phase.value).toEqual({ kind: "interrupted", waitSeconds: 2 });
  service.lastRun.say({ kind: "analysis", analysis: analysisOf([]), eventId: null });
  await settled();
  expect(shown.phase.value).toEqual({ kind: "streaming" });
});

test("a run that was lost begins afresh, and nothing of it stays", async () => {
  const { analysing, shown, service } = await panel();
  analysing.show(VIDEO);
  await settled();
  const [a, b] = comments(2);
  service.lastRun.say(
    started(),
    { kind: "comments", comments: [a!] },
    { kind: "analysis", analysis: analysisOf([a!]), eventId: "r:1" },
    started(),
    { kind: "comments", comments: [b!] },
    { kind: "analysis", analysis: analysisOf([b!]), eventId: "s:1" },
  );
  await settled();
  expect(shown.comments.value).toEqual([b]);
});

test("a run that ends without a result is a problem", async () => {
  const { analysing, shown, service } = await panel();
  analysing.show(VIDEO);
  await settled();
  service.lastRun.say(started(), { kind: "done" });
  service.lastRun.end();
  await settled();
  expect(shown.phase.value).toMatchObject({ problem: { code: "unexpected_answer" } });
});

test("without permission the service is not asked", async () => {
  const { analysing, shown, service, around } = await panel();
  around.host.permitted = false;
  analysing.show(VIDEO);
  await settled();
  expect(service.runs).toHaveLength(0);
  expect(shown.phase.value).toMatchObject({ problem: { code: "permission_missing" } });
});

test("the service says which video an address names", async () => {
  const { analysing, shown, service } = await panel();
  analysing.show("https://youtu.be/aaaaaaaaaaa");
  await settled();
  service.lastRun.say(started(VIDEO));
  await settled();
  expect(shown.videoId.value).toBe(VIDEO);
});

describe("what was kept", () => {
  test("is there at once in a reopened panel, and gives way to what is new", async () => {
    const first = await complete(3);
    first.service.lastRun.end();
    await settled();
    const { around, shown, service } = await panel();
    around.host.session = first.around.host.session;
    const archive = new Archive(around.host.session);
    await archive.open();
    const analysing = new Analysing(around, archive, shown);
    analysing.show(VIDEO);
    await settled();
    expect(shown.phase.value).toEqual({ kind: "loading" });
    expect(shown.stale.value).toBe(true);
    expect(shown.comments.value).toHaveLength(3);

    const [a] = comments(1);
    service.lastRun.say(
      started(),
      { kind: "comments", comments: [a!] },
      { kind: "analysis", analysis: analysisOf([a!]), eventId: null },
    );
    await settled();
    expect(shown.comments.value).toHaveLength(3);
    expect(shown.stale.value).toBe(true);

    service.lastRun.say({ kind: "done" });
    service.lastRun.end();
    await settled();
    expect(shown.comments.value).toEqual([a]);
    expect(shown.stale.value).toBe(false);
  });

  test("stays when today's quota is spent", async () => {
    const { analysing, shown, service } = await complete();
    service.lastRun.end();
    await settled();
    analysing.show(OTHER_VIDEO);
    analysing.show(VIDEO);
    await settled();
    service.lastRun.fail(new Problem("quota_exceeded", { status: 429, retryAfterSeconds: 3_600 }));
    await settled();
    expect(shown.phase.value).toMatchObject({ problem: { code: "quota_exceeded" }, retryAt: null });
    expect(shown.analysis.value?.analysed).toBe(3);
    expect(shown.stale.value).toBe(true);
  });

  test("is not overwritten by less", async () => {
    const { analysing, service, archive } = await complete();
    service.lastRun.end();
    await settled();
    analysing.retry();
    await settled();
    vi.advanceTimersByTime(10_000);
    const [a] = comments(1);
    service.lastRun.say(
      started(),
      { kind: "comments", comments: [a!] },
      { kind: "analysis", analysis: analysisOf([a!]), eventId: null },
    );
    await settled();
    expect((await archive.load(ORIGIN, VIDEO))?.comments).toHaveLength(3);
  });
});

describe("asking again", () => {
  test("a limit is waited for, once", async () => {
    const { analysing, shown, service } = await panel();
    analysing.show(VIDEO);
    await settled();
    service.lastRun.fail(new Problem("rate_limited", { status: 429, retryAfterSeconds: 7 }));
    await settled();
    expect(shown.phase.value).toMatchObject({ kind: "problem", retryAt: Date.now() + 7_000 });
    vi.advanceTimersByTime(6_999);
    expect(service.runs).toHaveLength(1);
    vi.advanceTimersByTime(1);
    await settled();
    expect(service.runs).toHaveLength(2);
    expect(shown.phase.value).toEqual({ kind: "loading" });
    service.lastRun.fail(new Problem("rate_limited", { status: 429, retryAfterSeconds: 7 }));
    await settled();
    expect(shown.phase.value).toMatchObject({ kind: "problem", retryAt: null });
    vi.advanceTimersByTime(600_000);
    expect(service.runs).toHaveLength(2);
  });

  test("a server that is down is tried gently until it answers", async () => {
    const { analysing, shown, service } = await panel();
    analysing.show(VIDEO);
    for (const seconds of [10, 20, 40, 80, 120, 120]) {
      await settled();
      service.lastRun.fail(new Problem("server_unreachable"));
      await settled();
      expect(shown.phase.value).toMatchObject({ retryAt: Date.now() + seconds * 1_000 });
      vi.advanceTimersByTime(seconds * 1_000);
    }
    await settled();
    service.lastRun.say(...wholeRun(comments(1)));
    service.lastRun.end();
    await settled();
    expect(shown.phase.value).toEqual({ kind: "complete" });
  });

  test("a network that is back is used at once", async () => {
    const { analysing, service, around } = await panel();
    around.browser.online.value = false;
    analysing.show(VIDEO);
    await settled();
    service.lastRun.fail(new Problem("offline"));
    await settled();
    around.browser.online.value = true;
    await settled();
    expect(service.runs).toHaveLength(2);
    vi.advanceTimersByTime(10_000);
    await settled();
    expect(service.runs).toHaveLength(2);
  });

  test("a network that is back changes nothing about a private video", async () => {
    const { analysing, service, around } = await panel();
    around.browser.online.value = false;
    analysing.show(VIDEO);
    await settled();
    service.lastRun.fail(new Problem("video_private"));
    await settled();
    around.browser.online.value = true;
    await settled();
    expect(service.runs).toHaveLength(1);
  });

  test.each(["unauthorized", "comments_disabled", "video_private", "too_large"] as const)(
    "%s is not tried again by itself",
    async (code) => {
      const { analysing, service } = await panel();
      analysing.show(VIDEO);
      await settled();
      service.lastRun.fail(new Problem(code));
      await settled();
      vi.advanceTimersByTime(86_400_000);
      await settled();
      expect(service.runs).toHaveLength(1);
    },
  );

  test("another video ends the waiting", async () => {
    const { analysing, service } = await panel();
    analysing.show(VIDEO);
    await settled();
    service.lastRun.fail(new Problem("rate_limited", { retryAfterSeconds: 7 }));
    await settled();
    analysing.show(OTHER_VIDEO);
    await settled();
    vi.advanceTimersByTime(60_000);
    await settled();
    expect(service.runs.map(({ video }) => video)).toEqual([VIDEO, OTHER_VIDEO]);
  });

  test("what came before a failure stays", async () => {
    const { analysing, shown, service } = await panel();
    analysing.show(VIDEO);
    await settled();
    const all = comments(2);
    service.lastRun.say(...wholeRun(all).slice(0, 3));
    service.lastRun.fail(new Problem("youtube_unavailable"));
    await settled();
    expect(shown.phase.value).toMatchObject({ problem: { code: "youtube_unavailable" } });
    expect(shown.comments.value).toEqual(all);
    expect(shown.stale.value).toBe(false);
  });
});

describe("another model", () => {
  const NEWER = { name: "starter", digest: "sha256:2" };
  const ask = async (
    { analysing, service }: Awaited<ReturnType<typeof complete>>,
    model = MODEL,
  ) => {
    service.lastRun.end();
    await settled();
    analysing.retry();
    await settled();
    service.lastRun.say(...wholeRun(comments(3), { model }));
    service.lastRun.end();
    await settled();
  };

  test("is told, with the digest before", async () => {
    const all = await complete();
    await ask(all);
    expect(all.shown.modelChangedFrom.value).toBeNull();
    await ask(all, NEWER);
    expect(all.shown.modelChangedFrom.value).toBe("sha256:1");
    expect(all.shown.model.value).toEqual(NEWER);
    await ask(all, NEWER);
    expect(all.shown.modelChangedFrom.value).toBeNull();
  });

  test("stays told when the run has to begin afresh", async () => {
    const all = await complete();
    all.service.lastRun.end();
    await settled();
    all.analysing.retry();
    await settled();
    all.service.lastRun.say(started(VIDEO, NEWER), started(VIDEO, NEWER));
    await settled();
    expect(all.shown.modelChangedFrom.value).toBe("sha256:1");
  });

  test("is told by a panel that was opened again", async () => {
    const first = await complete();
    await ask(first);
    const { around, shown, service } = await panel();
    const archive = new Archive(first.around.host.session);
    await archive.open();
    new Analysing(around, archive, shown).show(OTHER_VIDEO);
    await settled();
    service.lastRun.say(started(OTHER_VIDEO, NEWER));
    await settled();
    expect(shown.modelChangedFrom.value).toBe("sha256:1");
  });
});

describe("a quiet look", () => {
  test("shows nothing until it is done, and asks for the newest", async () => {
    const { analysing, shown, service } = await complete();
    service.lastRun.end();
    await settled();
    const outcome = analysing.lookQuietly();
    await settled();
    service.lastRun.say(...wholeRun(comments(5)));
    await settled();
    expect(shown.phase.value).toEqual({ kind: "complete" });
    expect(shown.comments.value).toHaveLength(3);
    service.lastRun.end();
    expect(await outcome).toBe("done");
    expect(shown.comments.value).toHaveLength(5);
    expect(service.lastRun.order).toBe("time");
  });

  test("is dropped by another video", async () => {
    const { analysing, shown, service } = await complete();
    service.lastRun.end();
    await settled();
    const outcome = analysing.lookQuietly();
    await settled();
    const run = service.lastRun;
    analysing.show(OTHER_VIDEO);
    run.say(...wholeRun(comments(5)));
    run.end();
    expect(await outcome).toBe("dropped");
    expect(shown.analysis.value).toBeNull();
  });

  test("waits for its turn while something is under way", async () => {
    const { analysing, service } = await panel();
    analysing.show(VIDEO);
    await settled();
    expect(await analysing.lookQuietly()).toBe("dropped");
    expect(service.runs).toHaveLength(1);
  });
});

describe("the comments loaded on the page", () => {
  const loaded = [
    { id: "c1", text: "good" },
    { id: "c1.r", text: "bad" },
    { id: null, text: "good too" },
  ];

  test("are labelled and counted", async () => {
    const { analysing, shown, service, around } = await panel();
    around.host.loaded = loaded;
    analysing.show(VIDEO);
    await settled();
    service.lastRun.fail(new Problem("api_key_missing"));
    await settled();
    analysing.useLoadedComments();
    await settled();
    expect(shown.source.value).toBe("page");
    expect(shown.phase.value).toEqual({ kind: "complete" });
    expect(shown.analysis.value).toMatchObject({
      analysed: 3,
      fetched: 3,
      complete: false,
      shares: { positive: { share: 2 / 3 } },
      threads: { replies: { analysed: 1 } },
      model: MODEL,
      notice: "Computed by this tool, not YouTube data.",
    });
    expect(shown.comments.value[1]).toMatchObject({ parent_id: "c1", like_count: null });
    expect(service.predicted).toEqual([["good", "bad", "good too"]]);
  });

  test("come in pieces", async () => {
    const { analysing, shown, service, around } = await panel();
    around.host.loaded = Array.from({ length: 250 }, (_, at) => ({ id: `c${at}`, text: "good" }));
    analysing.show(VIDEO);
    analysing.useLoadedComments();
    await settled();
    expect(service.predicted.map(({ length }) => length)).toEqual([100, 100, 50]);
    expect(shown.comments.value).toHaveLength(250);
  });

  test("that are fewer than before are shown as they are", async () => {
    const { analysing, shown, around } = await panel();
    around.host.loaded = loaded;
    analysing.show(VIDEO);
    analysing.useLoadedComments();
    await settled();
    around.host.loaded = loaded.slice(0, 1);
    analysing.useLoadedComments();
    await settled();
    expect(shown.comments.value).toHaveLength(1);
    expect(shown.stale.value).toBe(false);
  });

  test("may be none", async () => {
    const { analysing, shown, service } = await panel();
    analysing.show(VIDEO);
    analysing.useLoadedComments();
    await settled();
    expect(shown.analysis.value).toMatchObject({ analysed: 0, score: null });
    expect(service.predicted).toEqual([]);
  });

  test("are read again when that has failed; else the service is asked", async () => {
    const { analysing, shown, service, around } = await panel();
    around.host.loaded = loaded;
    analysing.show(VIDEO);
    service.failure = new Problem("model_unavailable");
    analysing.useLoadedComments();
    await settled();
    expect(shown.phase.value).toMatchObject({ problem: { code: "model_unavailable" } });
    service.failure = null;
    analysing.retry();
    await settled();
    expect(shown.source.value).toBe("page");
    expect(shown.phase.value).toEqual({ kind: "complete" });
    analysing.retry();
    expect(shown.source.value).toBe("service");
    expect(shown.analysis.value).toBeNull();
  });

  test("are not kept as the video's result", async () => {
    const { analysing, archive, around } = await panel();
    around.host.loaded = loaded;
    analysing.show(VIDEO);
    analysing.useLoadedComments();
    await settled();
    expect(archive.entries.value).toEqual([]);
  });
});
