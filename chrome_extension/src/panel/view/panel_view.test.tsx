import { act } from "preact/test-utils";
import { expect, it, vi } from "vitest";

import { Problem, type ProblemCode } from "../../service/problem.ts";
import { button, draw, press, pressKey } from "./drawing.ts";
import { fakeModel, type Start } from "./fake_model.ts";
import { STATES } from "./gallery_states.ts";
import { PanelView } from "./panel_view.tsx";
import { emptyAnalysis } from "./sample_data.ts";

vi.mock("./trend_chart.ts", () => ({ TrendChart: class { update() {} dispose() {} } }));

const rest = { title: "Open a video", text: "Then look here." };

async function panel(start: Start = {}) {
  const model = fakeModel(start);
  return { root: await draw(<PanelView model={model} rest={rest} />), model };
}
const failed = (code: ProblemCode, retryAt: number | null = null): Start => ({
  phase: { kind: "problem", problem: new Problem(code, { status: 400 }), retryAt },
  analysis: null,
  comments: [],
});

it.each(Object.keys(STATES))("draws %s in both languages without a hole", async (name) => {
  for (const language of ["en", "de"] as const) {
    const { tab = "overview", ...start } = STATES[name]?.() ?? {};
    const model = fakeModel({ ...start, language });
    const root = await draw(<PanelView model={model} rest={rest} firstTab={tab} />);
    expect(root.querySelector("h2")?.textContent).not.toBe("");
    expect(root.textContent).not.toMatch(/NaN|undefined|\{\w+\}/);
  }
});

it("rests while there is no video", async () => {
  const { root } = await panel({ phase: { kind: "resting" }, analysis: null, videoId: null });
  expect(root.querySelector("h2")?.textContent).toBe("Open a video");
});

it("shows grey shapes while it waits", async () => {
  const { root } = await panel({ phase: { kind: "loading" }, analysis: null, comments: [] });
  expect(root.querySelectorAll(".skeleton")).toHaveLength(4);
  expect(root.textContent).toContain("Reading the comments…");
});

it("says that a video has no comments, and whose numbers these are", async () => {
  const { root } = await panel({ analysis: emptyAnalysis(), comments: [] });
  expect(root.querySelector("h2")?.textContent).toBe("No comments yet");
  expect(root.textContent).toContain("Computed by this tool, not YouTube data.");
});

it.each([
  ["comments_disabled", "Comments are switched off"],
  ["video_private", "This video is private"],
  ["video_not_found", "Video not found"],
  ["invalid_video_id", "That is no video address"],
  ["unauthorized", "The server refuses this panel"],
  ["page_not_allowed", "The server does not let this panel in"],
  ["offline", "You are offline"],
  ["too_large", "That is too much at once"],
] as const)("names the problem %s", async (code, title) => {
  const { root } = await panel(failed(code));
  expect(root.querySelector("h2")?.textContent).toBe(title);
});

it("marks as English what it quotes from the server", async () => {
  const problem = new Problem("unknown", { status: 418, message: "It said no." });
  const { root } = await panel({ ...failed("unknown"), phase: { kind: "problem", problem, retryAt: null } });
  expect(root.querySelector("[lang=en]")?.textContent).toBe("It said no.");
});

it("offers no second try where none helps", async () => {
  const { root } = await panel(failed("comments_disabled"));
  expect(root.querySelectorAll(".actions button")).toHaveLength(0);
});

it("offers the page's comments when the quota is gone", async () => {
  const { root, model } = await panel(failed("quota_exceeded"));
  await press(button(root, "Use the comments on this page"));
  expect(model.calls).toEqual([["useLoadedComments"]]);
});

it("offers the page's comments beside a kept result, too", async () => {
  const { root, model } = await panel(STATES["quota-cached"]?.());
  await press(button(root, "Use the comments on this page"));
  expect(model.calls).toEqual([["useLoadedComments"]]);
});

it("leads on from the page's comments, and back to the whole video", async () => {
  const { root, model } = await panel(STATES.page?.());
  await press(button(root, "Read again"));
  await press(button(root, "Ask the server"));
  expect(model.calls).toEqual([["useLoadedComments"], ["askService"]]);
});

it("leads back to the whole video when the page can't be read", async () => {
  const { root, model } = await panel({ ...failed("page_unreachable"), source: "page" });
  await press(button(root, "Ask the server"));
  expect(model.calls).toEqual([["askService"]]);
});

it("does not take a page that has loaded none for a video without comments", async () => {
  const { root, model } = await panel({ source: "page", analysis: emptyAnalysis(), comments: [] });
  expect(root.querySelector("h2")?.textContent).toBe("No comments are loaded yet");
  await press(button(root, "Read again"));
  expect(model.calls).toEqual([["useLoadedComments"]]);
});

it("keeps the focus on what reads the page again while that is under way", async () => {
  const { root, model } = await panel({ source: "page", analysis: emptyAnalysis(), comments: [] });
  const again = button(root, "Read again");
  again.focus();
  for (const kind of ["loading", "streaming", "complete"] as const) {
    await act(() => {
      model.phase.value = { kind };
    });
    expect(root.querySelector("h2")?.textContent).toBe("No comments are loaded yet");
    expect(document.activeElement).toBe(again);
  }
});

it("names a problem of reading the page again, where none were loaded before", async () => {
  const problem = new Problem("page_unreachable");
  const { root } = await panel({
    source: "page",
    phase: { kind: "problem", problem, retryAt: null },
    analysis: emptyAnalysis(),
    comments: [],
  });
  expect(root.querySelector(".notices")?.textContent).toContain("Ask the server");
  expect(root.textContent).not.toContain("No comments are loaded yet");
});

it("says how to start a server, and tries it", async () => {
  const { root, model } = await panel(failed("server_unreachable"));
  expect(root.textContent).toContain("make demo");
  expect(root.textContent).toContain("http://127.0.0.1:3000");
  await press(button(root, "Test the connection"));
  await press(button(root, "Set up the server"));
  expect(model.calls).toEqual([["retry"], ["openSettings"]]);
});

it("counts down to the next try", async () => {
  vi.useFakeTimers({ now: 0 });
  const { root } = await panel(failed("rate_limited", 42_000));
  expect(root.querySelector("[role=timer]")?.textContent).toBe("Tries again in 0:42");
  expect(root.textContent).not.toContain("Try again in a moment.");
  await vi.advanceTimersByTimeAsync(2_000);
  expect(root.querySelector("[role=timer]")?.textContent).toBe("Tries again in 0:40");
  vi.useRealTimers();
});

it("counts down to the next try above a kept result, too, and lets the viewer be first", async () => {
  vi.useFakeTimers({ now: 0 });
  const problem = new Problem("rate_limited", { status: 429, retryAfterSeconds: 60 });
  const { root, model } = await panel({ phase: { kind: "problem", problem, retryAt: 42_000 } });
  const timer = () => root.querySelector(".notices [role=timer]");
  expect(timer()?.textContent).toBe("Tries again in 0:42");
  expect(root.textContent).not.toContain("takes the next request");
  const again = button(root, "Try again");
  expect(timer()?.parentElement).toBe(again.parentElement);
  await press(again);
  expect(model.calls).toEqual([["retry"]]);
  model.phase.value = { kind: "problem", problem, retryAt: null };
  await vi.advanceTimersByTimeAsync(0);
  expect(timer()).toBeNull();
  expect(root.textContent).toContain("The server takes the next request after 60 seconds.");
  expect(button(root, "Try again")).toBe(again);
  vi.useRealTimers();
});

it("keeps an earlier result in sight beside a problem", async () => {
  const { root } = await panel(STATES["quota-cached"]?.());
  expect(root.textContent).toContain("Today's YouTube quota is spent");
  expect(root.textContent).toContain("What stands below is from earlier.");
  expect(root.querySelector("h2")?.textContent).toBe("Mostly positive");
});

it("chooses a tab with the arrow keys", async () => {
  const { root } = await panel();
  const chosen = () => root.querySelector("[role=tab][aria-selected=true]")?.id;
  await pressKey(button(root, "Overview"), "ArrowRight");
  expect(chosen()).toBe("tab-comments");
  await pressKey(button(root, "Comments"), "End");
  expect(chosen()).toBe("tab-compare");
  expect(document.activeElement?.id).toBe("tab-compare");
});

it("goes from a share to its comments, without the filters of before", async () => {
  const { root, model } = await panel();
  model.setFilter({ search: "old" });
  await press(button(root, "Negative 20%"));
  expect(model.filter.value).toMatchObject({ search: "", labels: ["negative"] });
  expect(root.querySelector("[role=feed]")).not.toBeNull();
});

it("tells and forgets an alert", async () => {
  const { root, model } = await panel({ moodAlert: { from: 0.34, to: -0.08, at: 0 } });
  expect(root.textContent).toContain("The score went from +0.34 to −0.08.");
  await press(button(root, "Dismiss"));
  expect(model.moodAlert.value).toBeNull();
  expect(root.textContent).not.toContain("The score went");
});

it("warns of a low quota only", async () => {
  expect((await panel()).root.textContent).not.toContain("quota are left");
  expect((await panel(STATES["quota-low"]?.())).root.textContent).toContain(
    "240 units of today's YouTube quota are left.",
  );
});

it("reads its announcement aloud politely", async () => {
  const { root, model } = await panel();
  model.announce("Twelve shown.");
  await vi.waitFor(() => expect(root.querySelector("[role=status]")?.textContent).toBe("Twelve shown."));
});
