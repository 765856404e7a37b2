import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { Problem } from "../../service/problem.ts";
import { OTHER_VIDEO, VIDEO, comments, settled, wholeRun } from "./pretend.ts";
import { complete, panel } from "./pretend_panel.ts";

const HOUR_MS = 3_600_000;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

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
    expect(shown.phase.value).toMatchObject({ kind: "problem", retryAt: Date.now() });
    service.lastRun.fail(new Problem("rate_limited", { status: 429, retryAfterSeconds: 7 }));
    await settled();
    expect(shown.phase.value).toMatchObject({ kind: "problem", retryAt: null });
    vi.advanceTimersByTime(600_000);
    expect(service.runs).toHaveLength(2);
  });

  test("a quota that is spent is asked for when it is renewed, once", async () => {
    const { analysing, shown, service } = await panel();
    const refused = new Problem("quota_exceeded", { status: 429, retryAfterSeconds: 12 * 3_600 });
    analysing.show(VIDEO);
    await settled();
    service.lastRun.fail(refused);
    await settled();
    expect(shown.phase.value).toMatchObject({ retryAt: Date.now() + 12 * HOUR_MS });
    vi.advanceTimersByTime(12 * HOUR_MS - 1);
    expect(service.runs).toHaveLength(1);
    vi.advanceTimersByTime(1);
    await settled();
    expect(service.runs).toHaveLength(2);
    service.lastRun.fail(refused);
    await settled();
    expect(shown.phase.value).toMatchObject({ kind: "problem", retryAt: null });
    vi.advanceTimersByTime(48 * HOUR_MS);
    expect(service.runs).toHaveLength(2);
  });

  test("a refusal without a time goes by the renewal that the last result names", async () => {
    const { analysing, shown, service } = await complete();
    service.lastRun.end();
    await settled();
    const resets_at = new Date(Date.now() + 2 * HOUR_MS).toISOString();
    shown.analysis.value = { ...shown.analysis.value!, quota: { units_left: 0, resets_at } };
    analysing.retry();
    await settled();
    service.lastRun.fail(new Problem("quota_exceeded"));
    await settled();
    expect(shown.phase.value).toMatchObject({ retryAt: Date.parse(resets_at) });
  });

  test("a computer that slept past the renewal asks soon after it wakes", async () => {
    const { analysing, service } = await panel();
    analysing.show(VIDEO);
    await settled();
    service.lastRun.fail(new Problem("quota_exceeded", { retryAfterSeconds: 12 * 3_600 }));
    await settled();
    vi.setSystemTime(Date.now() + 12 * HOUR_MS);
    vi.advanceTimersByTime(60_000);
    await settled();
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
