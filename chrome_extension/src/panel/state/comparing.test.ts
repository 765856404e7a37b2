import { expect, test } from "vitest";

import { Problem } from "../../service/problem.ts";
import { Archive } from "./archive.ts";
import { Comparing } from "./comparing.ts";
import {
  ORIGIN,
  OTHER_VIDEO,
  VIDEO,
  analysisOf,
  comments,
  pretendAround,
  settled,
  started,
  wholeRun,
} from "./pretend.ts";
import { Shown } from "./shown.ts";

async function panel() {
  const around = pretendAround();
  const archive = new Archive(around.host.session);
  await archive.open();
  const shown = new Shown();
  shown.moveTo(VIDEO);
  const comparing = new Comparing(around, archive, shown);
  return { around, archive, shown, service: around.asked, comparing };
}

test("another video is analysed beside the shown one", async () => {
  const { comparing, service, archive } = await panel();
  comparing.start(` https://www.youtube.com/watch?v=${OTHER_VIDEO} `);
  expect(comparing.comparison.value).toEqual({ kind: "loading", video: OTHER_VIDEO });
  await settled();
  service.lastRun.say(...wholeRun(comments(4), { video_id: OTHER_VIDEO }));
  service.lastRun.end();
  await settled();
  expect(comparing.comparison.value).toMatchObject({
    kind: "ready",
    analysis: { analysed: 4 },
    isPartial: false,
    isStale: false,
    problem: null,
  });
  expect(archive.entries.value).toMatchObject([{ videoId: OTHER_VIDEO }]);
});

test("the first result is shown before the last", async () => {
  const { comparing, service } = await panel();
  comparing.start(OTHER_VIDEO);
  await settled();
  service.lastRun.say(started(OTHER_VIDEO), {
    kind: "analysis",
    analysis: analysisOf(comments(1)),
    eventId: null,
  });
  await settled();
  expect(comparing.comparison.value).toMatchObject({
    kind: "ready",
    analysis: { analysed: 1 },
    isPartial: true,
    isStale: false,
  });
});

test("what is kept is there at once, and stays when nothing better comes", async () => {
  const { comparing, service, archive } = await panel();
  const kept = comments(2);
  await archive.save(ORIGIN, OTHER_VIDEO, { analysis: analysisOf(kept), comments: kept });
  comparing.start(OTHER_VIDEO);
  await settled();
  expect(comparing.comparison.value).toMatchObject({
    kind: "ready",
    analysis: { analysed: 2 },
    isStale: true,
    problem: null,
  });
  service.lastRun.fail(new Problem("quota_exceeded"));
  await settled();
  expect(comparing.comparison.value).toMatchObject({
    kind: "ready",
    isStale: true,
    problem: { code: "quota_exceeded" },
  });
});

test("a failure is that of the comparison", async () => {
  const { comparing, service, shown } = await panel();
  comparing.start("nonsense");
  await settled();
  service.lastRun.fail(new Problem("invalid_video_id"));
  await settled();
  expect(comparing.comparison.value).toMatchObject({
    kind: "problem",
    video: "nonsense",
    problem: { code: "invalid_video_id" },
  });
  expect(shown.phase.value).toEqual({ kind: "loading" });
});

test.each<[string, (all: Awaited<ReturnType<typeof panel>>) => void]>([
  ["ending it", ({ comparing }) => comparing.end()],
  ["another video on the page", ({ shown }) => shown.moveTo("ccccccccccc")],
])("%s ends its run, and nothing late comes back", async (_, end) => {
  const all = await panel();
  all.comparing.start(OTHER_VIDEO);
  await settled();
  end(all);
  all.service.lastRun.say(...wholeRun(comments(4)));
  await settled();
  expect(all.service.lastRun.signal.aborted).toBe(true);
  expect(all.comparing.comparison.value).toBeNull();
});

test("the other video is asked for in the order of what is shown, whatever the settings say", async () => {
  const { comparing, service, shown, around } = await panel();
  const result = { analysis: analysisOf(comments(3)), comments: comments(3) };
  around.settings.value = { ...around.settings.value, order: "relevance" };
  comparing.start(OTHER_VIDEO);
  await settled();
  expect(service.lastRun.order).toBe("relevance");
  // Watching live has looked for the newest.
  shown.give(result, { kind: "complete" }, "time");
  comparing.start(OTHER_VIDEO);
  await settled();
  expect(service.lastRun.order).toBe("time");
});

test("it ends when other comments of the shown video are shown than it was made by", async () => {
  const { comparing, service, shown, around } = await panel();
  const result = { analysis: analysisOf(comments(3)), comments: comments(3) };
  around.settings.value = { ...around.settings.value, order: "relevance" };
  shown.give(result, { kind: "streaming" }, "relevance");
  comparing.start(OTHER_VIDEO);
  await settled();
  shown.give(result, { kind: "complete" }, "relevance");
  expect(comparing.comparison.value).not.toBeNull();
  shown.give(result, { kind: "complete" }, "time");
  expect(comparing.comparison.value).toBeNull();
  expect(service.lastRun.signal.aborted).toBe(true);
  comparing.start(OTHER_VIDEO);
  await settled();
  shown.give(result, { kind: "complete" }, "relevance");
  expect(comparing.comparison.value).toBeNull();
});
