import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { Problem } from "../../service/problem.ts";
import type { Outcome } from "./analysing.ts";
import { OTHER_VIDEO } from "./pretend.ts";
import { START, said, watched as panel } from "./pretend_watching.ts";

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(START);
});
afterEach(() => vi.useRealTimers());

const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000);

describe("looking", () => {
  test("happens at the pace of the settings, while it is on", async () => {
    const { watching, lookQuietly } = panel();
    await pass(120);
    expect(lookQuietly).not.toHaveBeenCalled();
    watching.set(true);
    expect(watching.live.value).toEqual({
      on: true,
      nextPollAt: Date.now() + 60_000,
      newComments: 0,
    });
    await pass(180);
    expect(lookQuietly).toHaveBeenCalledTimes(3);
    watching.set(false);
    await pass(180);
    expect(lookQuietly).toHaveBeenCalledTimes(3);
    expect(watching.live.value.nextPollAt).toBeNull();
  });

  test("rests while nobody looks, and is made up for afterwards", async () => {
    const { watching, lookQuietly, around } = panel();
    watching.set(true);
    around.browser.visible.value = false;
    await pass(600);
    expect(lookQuietly).not.toHaveBeenCalled();
    expect(watching.live.value.nextPollAt).toBeNull();
    around.browser.visible.value = true;
    await pass(0);
    expect(lookQuietly).toHaveBeenCalledTimes(1);
  });

  test("a glance away does not bring the next look forward", async () => {
    const { watching, lookQuietly, around } = panel();
    watching.set(true);
    await pass(10);
    around.browser.visible.value = false;
    around.browser.visible.value = true;
    await pass(49);
    expect(lookQuietly).not.toHaveBeenCalled();
    await pass(1);
    expect(lookQuietly).toHaveBeenCalledTimes(1);
  });

  test("is due at once when a service that watches too says that comments have come", async () => {
    const { watching, lookQuietly, around } = panel();
    around.asked.letCommentsCome();
    watching.set(true);
    await pass(10);
    expect(lookQuietly).not.toHaveBeenCalled();
    around.asked.letCommentsCome();
    await pass(1);
    expect(lookQuietly).toHaveBeenCalledTimes(1);
    // However often it says so.
    around.asked.letCommentsCome();
    await pass(0.6);
    around.asked.letCommentsCome();
    await pass(2);
    expect(lookQuietly).toHaveBeenCalledTimes(2);
    // And from then on at the pace of the settings again.
    await pass(50);
    expect(lookQuietly).toHaveBeenCalledTimes(2);
    await pass(10);
    expect(lookQuietly).toHaveBeenCalledTimes(3);
  });

  test("is due when the viewer comes back and comments have come meanwhile", async () => {
    const { watching, lookQuietly, around } = panel();
    around.asked.letCommentsCome();
    watching.set(true);
    await pass(5);
    around.browser.visible.value = false;
    around.asked.letCommentsCome();
    await pass(20);
    expect(lookQuietly).not.toHaveBeenCalled();
    around.browser.visible.value = true;
    await pass(1);
    expect(lookQuietly).toHaveBeenCalledTimes(1);
  });

  test("is not brought forward while nobody looks, or after it was switched off", async () => {
    const { watching, lookQuietly, around } = panel();
    around.asked.letCommentsCome();
    watching.set(true);
    await pass(1);
    around.browser.visible.value = false;
    await pass(0);
    around.asked.letCommentsCome();
    await pass(10);
    watching.set(false);
    around.browser.visible.value = true;
    around.asked.letCommentsCome();
    await pass(10);
    expect(lookQuietly).not.toHaveBeenCalled();
  });

  test("keeps its distance while the quota is short, whatever has come", async () => {
    const { watching, lookQuietly, around, setQuota } = panel();
    around.asked.letCommentsCome();
    setQuota({ units_left: 100, resets_at: new Date(START + 10 * 3_600_000).toISOString() });
    watching.set(true);
    await pass(61);
    expect(lookQuietly).toHaveBeenCalledTimes(1);
    around.asked.letCommentsCome();
    await pass(60);
    expect(lookQuietly).toHaveBeenCalledTimes(1);
  });

  test("slows down as the quota goes", async () => {
    const { watching, lookQuietly, setQuota } = panel();
    setQuota({ units_left: 100, resets_at: new Date(START + 10 * 3_600_000).toISOString() });
    watching.set(true);
    await pass(60);
    expect(lookQuietly).toHaveBeenCalledTimes(1);
    await pass(600);
    expect(lookQuietly).toHaveBeenCalledTimes(1);
    await pass(200);
    expect(lookQuietly).toHaveBeenCalledTimes(2);
  });

  test("backs off after failures, and waits as long as the service says", async () => {
    const { watching, lookQuietly, outcomes } = panel();
    outcomes.push(
      new Problem("server_unreachable"),
      new Problem("quota_exceeded", { retryAfterSeconds: 3_600 }),
    );
    watching.set(true);
    await pass(60 + 119);
    expect(lookQuietly).toHaveBeenCalledTimes(1);
    await pass(1);
    expect(lookQuietly).toHaveBeenCalledTimes(2);
    await pass(3_599);
    expect(lookQuietly).toHaveBeenCalledTimes(2);
    await pass(1);
    expect(lookQuietly).toHaveBeenCalledTimes(3);
    expect(watching.live.value.on).toBe(true);
  });

  test("ends with what only the viewer can mend", async () => {
    const { watching, shown, outcomes } = panel();
    outcomes.push(new Problem("unauthorized", { status: 401 }));
    watching.set(true);
    await pass(60);
    expect(watching.live.value.on).toBe(false);
    expect(shown.phase.value).toMatchObject({ problem: { code: "unauthorized" }, retryAt: null });
  });

  test("ends with the video", async () => {
    const { watching, shown, lookQuietly } = panel();
    watching.set(true);
    shown.moveTo(OTHER_VIDEO);
    await pass(600);
    expect(watching.live.value.on).toBe(false);
    expect(lookQuietly).not.toHaveBeenCalled();
  });

  test("goes on for the next video though one of the last is still under way", async () => {
    const { watching, shown, lookQuietly } = panel();
    let answer = (_: Outcome) => {};
    lookQuietly.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    watching.set(true);
    await pass(60);
    shown.moveTo(OTHER_VIDEO);
    watching.set(true);
    answer(new Problem("unauthorized"));
    await pass(60);
    expect(watching.live.value.on).toBe(true);
    expect(lookQuietly).toHaveBeenCalledTimes(2);
  });

  test("ends with the comments loaded on the page, and does not come back with the service", async () => {
    const { watching, shown, lookQuietly, come, around } = panel();
    const changes = vi.spyOn(around.asked, "changes");
    around.asked.letCommentsCome();
    watching.set(true);
    come(said(30, -0.5, START + 1_000));
    await pass(60);
    expect(watching.moodAlert.value).not.toBeNull();
    shown.ask("page");
    expect(watching.live.value).toEqual({ on: false, nextPollAt: null, newComments: 0 });
    expect(watching.moodAlert.value).toBeNull();
    expect(changes.mock.lastCall?.[2].aborted).toBe(true);
    shown.ask("service");
    await pass(600);
    expect(lookQuietly).toHaveBeenCalledTimes(1);
  });

  test("is not for the comments loaded on the page", () => {
    const { watching, shown } = panel();
    shown.source.value = "page";
    watching.set(true);
    expect(watching.live.value.on).toBe(false);
  });

  test("counts what is new since it was switched on", async () => {
    const { watching, come } = panel();
    watching.set(true);
    come(said(2, 0.5, START + 1_000));
    await pass(60);
    come(said(3, 0.5, START + 100_000));
    await pass(60);
    expect(watching.live.value.newComments).toBe(5);
  });
});

describe("the mood", () => {
  test("that turns is told, in the panel and outside of it", async () => {
    const { watching, come, around } = panel();
    watching.set(true);
    come(said(30, -0.5, START + 1_000));
    await pass(60);
    expect(watching.moodAlert.value).toMatchObject({ at: START + 60_000 });
    expect(watching.moodAlert.value?.from).toBeCloseTo(0.5);
    expect(watching.moodAlert.value?.to).toBeCloseTo(-0.5);
    expect(around.host.notified).toBe("The mood has turned, from +0.50 to −0.50.");
    watching.dismiss();
    expect(watching.moodAlert.value).toBeNull();
    expect(around.host.notified).toBeNull();
  });

  test("that stays is not told", async () => {
    const { watching, come } = panel();
    watching.set(true);
    come(said(30, 0.45, START + 1_000));
    await pass(60);
    expect(watching.moodAlert.value).toBeNull();
  });

  test("is held against what was there at the start, not what came in between", async () => {
    const { watching, come } = panel();
    watching.set(true);
    for (let look = 0; look < 5; look += 1) {
      come(said(6, -0.5, START + look * 60_000 + 1_000));
      await pass(60);
    }
    expect(watching.moodAlert.value?.from).toBeCloseTo(0.5);
  });

  test.each([0, 4, 14])("of a video with %i comments is told once it has had enough for one", async (few) => {
    const { watching, come } = panel(said(few, 0.5, START - 3_600_000));
    watching.set(true);
    come(said(10, 0.5, START + 1_000));
    await pass(60);
    come(said(30, 0.5, START + 61_000));
    await pass(60);
    expect(watching.moodAlert.value).toBeNull();
    come(said(60, -0.5, START + 121_000));
    await pass(60);
    expect(watching.moodAlert.value?.from).toBeCloseTo(0.5);
    expect(watching.moodAlert.value?.to).toBeCloseTo(-0.5);
    // What is new counts from the start all the same.
    expect(watching.live.value.newComments).toBe(100);
  });

  test("is held against the first look that found enough, not against later ones", async () => {
    const { watching, come } = panel(said(4, 0.5, START - 3_600_000));
    watching.set(true);
    come(said(20, 0.5, START + 1_000));
    await pass(60);
    for (let look = 1; look < 6; look += 1) {
      come(said(6, -0.5, START + look * 60_000 + 1_000));
      await pass(60);
    }
    expect(watching.moodAlert.value?.from).toBeCloseTo(0.5);
  });

  test("is told again only after the cool-down, against the mood of the last alert", async () => {
    const { watching, come } = panel();
    watching.set(true);
    come(said(30, -0.5, START + 1_000));
    await pass(60);
    watching.dismiss();
    come(said(60, 0.5, START + 61_000));
    await pass(60);
    expect(watching.moodAlert.value).toBeNull();
    await pass(6 * 3_600);
    expect(watching.moodAlert.value?.from).toBeCloseTo(-0.5);
    expect(watching.moodAlert.value?.to).toBeCloseTo(0.5);
  });

  test("of another video is another", async () => {
    const { watching, come, shown, around } = panel();
    watching.set(true);
    come(said(30, -0.5, START + 1_000));
    await pass(60);
    shown.moveTo(OTHER_VIDEO);
    expect(watching.moodAlert.value).toBeNull();
    expect(around.host.notified).toBeNull();
  });
});
