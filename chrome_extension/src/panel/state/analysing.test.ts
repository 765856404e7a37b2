import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { Problem } from "../../service/problem.ts";
import { Analysing } from "./analysing.ts";
import { Archive } from "./archive.ts";
import {
  MODEL,
  ORIGIN,
  OTHER_VIDEO,
  VIDEO,
  analysisOf,
  comments,
  settled,
  started,
  wholeRun,
} from "./pretend.ts";
import { complete, panel } from "./pretend_panel.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

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
    expect(shown.phase.value).toMatchObject({ problem: { code: "quota_exceeded" } });
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

  test("makes of the most relevant comments the newest", async () => {
    const { analysing, shown, service, around } = await panel();
    around.settings.value = { ...around.settings.value, order: "relevance" };
    analysing.show(VIDEO);
    await settled();
    service.lastRun.say(...wholeRun(comments(3)));
    service.lastRun.end();
    await settled();
    expect(shown.order.value).toBe("relevance");
    const outcome = analysing.lookQuietly();
    await settled();
    service.lastRun.say(...wholeRun(comments(3)));
    service.lastRun.end();
    await outcome;
    expect(shown.order.value).toBe("time");
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
