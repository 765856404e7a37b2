import { expect, it, vi } from "vitest";
import { act } from "preact/test-utils";

import { Problem } from "../../service/problem.ts";
import type { Correction } from "../state/contract.ts";
import { CommentsTab } from "./comments_tab.tsx";
import { button, draw, named, press, pressKey, type } from "./drawing.ts";
import { fakeModel, type FakeModel, type Start } from "./fake_model.ts";
import { prediction, sampleAnalysis, sampleComment, sampleComments } from "./sample_data.ts";

async function comments(start: Start = {}) {
  const model = fakeModel(start);
  return { root: await draw(<CommentsTab model={model} />), model };
}
/** Make the next wishes end in a state, after their answer has come. */
function endIn(model: FakeModel, state: Correction["state"], problem: Problem): void {
  const end = async () => {
    await Promise.resolve();
    model.corrections.value = stored({ state, problem });
  };
  Object.assign(model, { correct: vi.fn(end), undoCorrection: vi.fn(end) });
}
const stored = (change: Partial<Correction> = {}) =>
  new Map([["c0", { commentId: "c0", label: "negative", state: "stored", problem: null, ...change } as const]]);

it("draws a few of five thousand, and says how many there are", async () => {
  const { root } = await comments({ comments: sampleComments(5_000) });
  const items = root.querySelectorAll("article");
  expect(items.length).toBeGreaterThan(2);
  expect(items.length).toBeLessThan(60);
  expect(items[1]?.getAttribute("aria-setsize")).toBe("5000");
  expect(items[1]?.getAttribute("aria-posinset")).toBe("2");
});

it("says that only some comments were kept from earlier, while the figures are over all", async () => {
  const analysis = sampleAnalysis({ fetched: 5_000 });
  const { root, model } = await comments({ analysis, comments: sampleComments(2_089), stale: true });
  const words = "Only 2,089 of 5,000 comments were kept from earlier; the figures are over all of them.";
  expect(root.textContent).toContain(words);
  await act(() => void (model.stale.value = false));
  expect(root.textContent).not.toContain("were kept");
});

it("says nothing of it where all comments were kept", async () => {
  const analysis = sampleAnalysis({ fetched: 40 });
  const { root } = await comments({ analysis, comments: sampleComments(40), stale: true });
  expect(root.textContent).not.toContain("were kept");
});

it("does not say that a correction was taken back which went with its server", async () => {
  const { root, model } = await comments({ corrections: stored() });
  const undoCorrection = async () => {
    model.corrections.value = new Map();
    return false;
  };
  Object.assign(model, { undoCorrection });
  await press(button(root, "Undo"));
  expect(root.textContent).not.toContain("You said");
  expect(model.announcement.value).toBe("");
});

it("goes from comment to comment with Page Down", async () => {
  const { root } = await comments();
  const first = root.querySelector("article") as HTMLElement;
  await act(() => first.focus());
  await pressKey(first, "PageDown");
  expect(document.activeElement?.getAttribute("aria-posinset")).toBe("2");
});

it("keeps the focus on the comment when others come before it", async () => {
  const { root, model } = await comments();
  const third = root.querySelectorAll("article")[2] as HTMLElement;
  const text = third.textContent;
  await act(() => third.focus());
  // A browser takes the focus from what is moved, as from what is taken out.
  const moves = new MutationObserver(() => undefined);
  moves.observe(third.parentNode as Node, { childList: true });
  const liked = Array.from({ length: 60 }, (_, at) => sampleComment(at, { id: `liked${at}` }));
  await act(() => void (model.comments.value = [...liked, ...model.comments.value]));
  const removed = moves.takeRecords().flatMap(({ removedNodes }) => [...removedNodes]);
  expect(removed).not.toContain(third);
  expect(document.activeElement).toBe(third);
  expect(third.textContent).toBe(text);
  await pressKey(third, "PageDown");
  expect(document.activeElement?.getAttribute("aria-posinset")).toBe("64");
});

it("says label, certainty, likes and day", async () => {
  const { root } = await comments({ comments: [sampleComment(0)] });
  const text = root.querySelector("article")?.textContent;
  for (const part of ["Positive", "91% sure", "1.2K likes", "Jan 2, 2026", "Praise"]) {
    expect(text).toContain(part);
  }
});

it("gives a comment that was left out no certainty", async () => {
  const { root } = await comments({
    comments: [sampleComment(0, { prediction: prediction(0, "not_english") })],
  });
  expect(root.querySelector("article")?.textContent).toContain("Not English");
  expect(root.querySelector("article")?.textContent).not.toContain("sure");
});

it("searches, and announces what is left", async () => {
  const { root, model } = await comments({ comments: sampleComments(10) });
  await type(root.querySelector("input[type=search]") as HTMLInputElement, "adverts");
  expect(root.querySelectorAll("article")).toHaveLength(1);
  expect(model.announcement.value).toBe("1 comment shown.");
  await press(button(root, "Clear filters"));
  expect(root.querySelectorAll("article").length).toBeGreaterThan(1);
});

it("filters by several labels", async () => {
  const { root, model } = await comments();
  for (const label of ["Negative", "Unsure"]) {
    await press(named(root, ".chip", label).querySelector("input") as HTMLInputElement);
  }
  expect(model.filter.value.labels).toEqual(["negative", "unsure"]);
});

it("says when nothing fits", async () => {
  const { root } = await comments({ comments: [] });
  expect(root.textContent).toContain("No comment fits.");
});

it("jumps to a comment on the page", async () => {
  const { root, model } = await comments();
  await press(button(root, "Show on page"));
  expect(model.calls).toEqual([["jump", "c0"]]);
});

it("corrects a label, and takes that back", async () => {
  const { root, model } = await comments({ comments: [sampleComment(0)] });
  await press(button(root, "Correct"));
  const choice = named<HTMLButtonElement>(root, ".choice", "Negative");
  expect(named(root, ".choice", "Positive").getAttribute("aria-pressed")).toBe("true");
  await press(choice);
  expect(model.calls).toEqual([["correct", "c0", "negative"]]);
  expect(root.querySelector(".correction")?.textContent).toContain("You said:Negative");
  await press(button(root, "Undo"));
  expect(root.querySelector(".correction")).toBeNull();
});

it.each([
  ["Negative", "stored"],
  ["Undo", "stored"],
  ["Try again", "storing_failed"],
  ["Try again", "undoing_failed"],
] as const)("keeps the focus on the comment at the press of %s where it was %s", async (name, state) => {
  const { root } = await comments({ comments: [sampleComment(0)], corrections: stored({ state }) });
  if (name === "Negative") await press(button(root, "Correct"));
  const pressed = named<HTMLButtonElement>(root, ".correction button, .choice", name);
  pressed.focus();
  await press(pressed);
  expect(document.activeElement).toBe(root.querySelector("article"));
});

it("offers no correction of comments that the service does not keep", async () => {
  const { root } = await comments({ source: "page" });
  expect(root.textContent).toContain("Show on page");
  expect(root.textContent).not.toContain("Correct");
});

it("offers to store a correction again that failed", async () => {
  const problem = new Problem("server_unreachable");
  const { root, model } = await comments({ corrections: stored({ state: "storing_failed", problem }) });
  expect(root.querySelector(".correction")?.textContent).toContain("No answer from the server");
  await press(button(root, "Try again"));
  expect(model.calls).toEqual([["correct", "c0", "negative"]]);
});

it("takes a correction back again when that has failed, and does not store it once more", async () => {
  const problem = new Problem("server_unreachable");
  const { root, model } = await comments({ corrections: stored({ state: "undoing_failed", problem }) });
  const words = root.querySelector(".correction")?.textContent;
  expect(words).toContain("Not taken back: No answer from the server.");
  await press(button(root, "Try again"));
  expect(model.calls).toEqual([["undoCorrection", "c0"]]);
  expect(model.announcement.value).toBe("The correction was taken back.");
});

it("says that a label is corrected when it is stored, not before", async () => {
  const { root, model } = await comments({ comments: [sampleComment(0)] });
  let store = () => {};
  const { correct } = model;
  const later = async (...wish: Parameters<typeof correct>) => {
    await new Promise<void>((resolve) => (store = resolve));
    await correct(...wish);
  };
  Object.assign(model, { correct: later });
  await press(button(root, "Correct"));
  await press(named<HTMLButtonElement>(root, ".choice", "Negative"));
  expect(model.announcement.value).toBe("");
  await act(() => store());
  await vi.waitFor(() => expect(model.announcement.value).toBe("Corrected to Negative."));
});

it.each([
  ["Correct", "storing_failed", "Not stored: The server takes too long."],
  ["Undo", "undoing_failed", "Not taken back: The server takes too long."],
] as const)("announces that %s has failed", async (name, state, sentence) => {
  const { root, model } = await comments({ comments: [sampleComment(0)], corrections: stored() });
  endIn(model, state, new Problem("server_slow"));
  await press(button(root, name));
  if (name === "Correct") await press(named<HTMLButtonElement>(root, ".choice", "Negative"));
  await vi.waitFor(() => expect(model.announcement.value).toBe(sentence));
});

it("offers nothing while a correction is under way", async () => {
  const { root } = await comments({ corrections: stored({ state: "sending" }) });
  expect(root.querySelector(".correction button")).toBeNull();
});
