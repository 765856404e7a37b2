import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Problem } from "../../service/problem.ts";
import { button, draw, press } from "./drawing.ts";
import { fakeModel } from "./fake_model.ts";
import { PanelView } from "./panel_view.tsx";
import { quotaResetOf } from "../state/quota.ts";
import { sampleAnalysis } from "./sample_data.ts";

vi.mock("./trend_chart.ts", () => ({ TrendChart: class { update() {} dispose() {} } }));

const NOW = Date.parse("2026-03-01T20:00:00Z");
const RESET = "2026-03-02T08:00:00Z";
const HOURS_MS = 3_600_000;

beforeEach(() => vi.useFakeTimers({ now: NOW }));
afterEach(() => vi.useRealTimers());

const refused = (retryAfterSeconds: number | null = 3_600) =>
  new Problem("quota_exceeded", { status: 429, retryAfterSeconds });
const resetting = (at: string | null) =>
  sampleAnalysis({ quota: { units_left: 0, resets_at: at } });

it("prefers the moment that the result names to the seconds of the refusal", () => {
  expect(quotaResetOf(refused(), resetting(RESET))).toEqual(new Date(RESET));
});

it("goes by the refusal where the result is of a day that is over, or names none", () => {
  const inAnHour = new Date(NOW + HOURS_MS);
  expect(quotaResetOf(refused(), resetting("2026-03-01T08:00:00Z"))).toEqual(inAnHour);
  expect(quotaResetOf(refused(), resetting(null))).toEqual(inAnHour);
  expect(quotaResetOf(refused(), null)).toEqual(inAnHour);
});

it("is not known where nobody names it, and of no other problem", () => {
  expect(quotaResetOf(refused(null), null)).toBeNull();
  expect(quotaResetOf(new Problem("rate_limited", { retryAfterSeconds: 9 }), null)).toBeNull();
});

it.each([
  ["full message", null],
  ["notice", resetting("2026-03-01T08:00:00Z")],
])("stays the same moment when the %s is drawn again hours later", async (_, analysis) => {
  const phase = { kind: "problem", problem: refused(12 * 3_600), retryAt: null } as const;
  const model = fakeModel({ phase, analysis });
  const rest = { title: "", text: "" };
  const root = await draw(<PanelView model={model} rest={rest} />);
  const renewal = () => /renewed on .*?[AP]M/su.exec(root.textContent ?? "")?.[0];
  const before = renewal();
  expect(before).toBeDefined();
  vi.setSystemTime(NOW + 3 * HOURS_MS);
  await act(() => {
    model.phase.value = { ...phase, retryAt: NOW };
  });
  expect(renewal()).toBe(before);
});

it.each([
  ["message", { analysis: null, comments: [] }],
  ["notice", {}],
])("is counted down to in the %s, and a viewer may ask before", async (_, start) => {
  const seconds = 11 * 3_600 + 65;
  const phase = { kind: "problem", problem: refused(seconds), retryAt: NOW + seconds * 1_000 } as const;
  const model = fakeModel({ ...start, phase });
  const root = await draw(<PanelView model={model} rest={{ title: "", text: "" }} />);
  expect(root.querySelector("[role=timer]")?.textContent).toBe("Tries again in 11:01:05");
  await press(button(root, "Try again"));
  expect(model.calls).toEqual([["retry"]]);
});
