import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Problem } from "../../service/problem.ts";
import { DEFAULTS, saveSettings } from "../../settings/settings.ts";
import type { PanelModel } from "./contract.ts";
import { createModel } from "./model.ts";
import {
  OTHER_VIDEO,
  PretendBrowser,
  PretendHost,
  PretendService,
  VIDEO,
  comment,
  comments,
  settled,
  wholeRun,
} from "./pretend.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

async function opened(host = new PretendHost(), count = 3) {
  const asked: PretendService[] = [];
  const browser = new PretendBrowser();
  host.video ??= VIDEO;
  const model = await createModel(host, {
    browser,
    makeService: ({ server }) => {
      const service = new PretendService(server);
      service.answerTo = (video) => wholeRun(comments(count), { video_id: video });
      asked.push(service);
      return service;
    },
  });
  await settled();
  return { host, browser, model, asked };
}

const requests = (asked: readonly PretendService[]) =>
  asked.flatMap(({ origin, runs }) => runs.map(({ video }) => `${origin} ${video}`));

test("it begins with the video beside it", async () => {
  const { model, host } = await opened();
  expect(model.phase.value).toEqual({ kind: "complete" });
  expect(model.analysis.value?.video_id).toBe(VIDEO);
  expect(model.shownComments.value).toHaveLength(3);
  expect(host.known).toHaveLength(3);
});

test("it follows the page, and the same video again is no news", async () => {
  const { model, host, asked } = await opened();
  host.go(VIDEO);
  await settled();
  expect(requests(asked)).toHaveLength(1);
  host.go(OTHER_VIDEO);
  await settled();
  expect(model.videoId.value).toBe(OTHER_VIDEO);
  expect(requests(asked)).toHaveLength(2);
  host.go(null);
  expect(model.phase.value).toEqual({ kind: "resting" });
});

test("on the demo page the same video again is a wish", async () => {
  const host = new PretendHost();
  Object.assign(host, { kind: "demo" });
  const { asked } = await opened(host);
  host.go(VIDEO);
  await settled();
  expect(requests(asked)).toHaveLength(2);
});

test("another server is asked at once, another theme asks nobody", async () => {
  const { model, host, asked } = await opened();
  await saveSettings(host.settings, { ...DEFAULTS, theme: "dark" });
  await settled();
  expect(model.settings.value.theme).toBe("dark");
  await saveSettings(host.settings, { ...DEFAULTS, server: "https://elsewhere.example" });
  await settled();
  expect(requests(asked)).toEqual([
    `http://127.0.0.1:3000 ${VIDEO}`,
    `https://elsewhere.example ${VIDEO}`,
  ]);
});

test("another language changes the words", async () => {
  const { model, host } = await opened();
  await saveSettings(host.settings, { ...DEFAULTS, language: "de" });
  await settled();
  expect(model.words.value.t("labelNegative")).toBe("Negativ");
});

test("other videos that were analysed can be compared with", async () => {
  const { model, host } = await opened();
  host.go(OTHER_VIDEO);
  await settled();
  expect(model.knownVideos.value).toEqual([{ videoId: VIDEO, title: null }]);
  model.compareWith(VIDEO);
  await settled();
  expect(model.comparison.value).toMatchObject({ kind: "ready", video: VIDEO });
  model.endComparison();
  expect(model.comparison.value).toBeNull();
});

test("a comparison is announced, and ends where answers of another kind are asked for", async () => {
  const { model, host } = await opened();
  await vi.advanceTimersByTimeAsync(10_000);
  model.compareWith(OTHER_VIDEO);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(model.announcement.value).toBe("The comparison is ready.");
  await saveSettings(host.settings, { ...DEFAULTS, theme: "dark" });
  await settled();
  expect(model.comparison.value).not.toBeNull();
  await saveSettings(host.settings, { ...DEFAULTS, theme: "dark", maxComments: 1_000 });
  await settled();
  expect(model.comparison.value).toBeNull();
});

test("a comparison that fails is announced", async () => {
  const { model, asked } = await opened();
  await vi.advanceTimersByTimeAsync(10_000);
  asked[0]!.answerTo = null;
  model.compareWith("nonsense");
  await settled();
  asked[0]!.lastRun.fail(new Problem("invalid_video_id"));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(model.announcement.value).toMatch(/^That is no video address\./);
});

test("corrections outlive a new analysis", async () => {
  const { model } = await opened();
  await model.correct("c1", "negative");
  model.retry();
  await settled();
  expect(model.corrections.value.get("c1")?.state).toBe("stored");
});

test("a mood that has turned is announced", async () => {
  const { model, asked } = await opened(new PretendHost(), 100);
  model.setLive(true);
  asked[0]!.answerTo = (video) =>
    wholeRun(
      [
        ...comments(100),
        ...Array.from({ length: 30 }, (_, at) =>
          comment(`n${at}`, {
            published_at: "2026-02-01T00:00:00Z",
            prediction: { ...comment("n").prediction, label: -1, score: -0.8 },
          }),
        ),
      ],
      { video_id: video },
    );
  await vi.advanceTimersByTimeAsync(60_000);
  expect(model.moodAlert.value).toMatchObject({ to: expect.closeTo(-0.8) as number });
  expect(model.announcement.value).toBe("The mood has turned, from +0.50 to −0.80.");
  model.dismissMoodAlert();
  expect(model.moodAlert.value).toBeNull();
});

test("the export is about the video that is shown", async () => {
  const { model } = await opened();
  expect(model.exportCsv().name).toMatch(/^sentiment-aaaaaaaaaaa-\d{4}-\d\d-\d\d\.csv$/);
});

test("5,000 comments are searched, filtered and sorted to the right ones", async () => {
  const { model } = await opened(new PretendHost(), 5_000);
  model.setFilter({ search: "of C499", sort: "confidence" });
  expect(model.shownComments.value.map(({ id }) => id)).toEqual([
    "c499",
    ...Array.from({ length: 10 }, (_, at) => `c499${at}`),
  ]);
});

const actions: [string, (model: PanelModel, host: PretendHost) => void][] = [
  ["another video", (_, host) => host.go(OTHER_VIDEO)],
  [
    "changed settings",
    (_, host) => void saveSettings(host.settings, { ...DEFAULTS, order: "relevance" }),
  ],
  ["the time", () => void vi.advanceTimersByTime(600_000)],
];
test.each(actions)("after its end, %s asks for nothing", async (_, act) => {
  const { model, host, asked } = await opened();
  model.setLive(true);
  model.dispose();
  act(model, host);
  await settled();
  expect(requests(asked)).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});
