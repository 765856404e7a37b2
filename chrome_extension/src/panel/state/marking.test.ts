import { signal } from "@preact/signals";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { Comment } from "../../service/wire.ts";
import { DEFAULTS, loadSettings } from "../../settings/settings.ts";
import { catalogue } from "../../text/catalogue.ts";
import type { Correction } from "./contract.ts";
import { Marking, marksOf } from "./marking.ts";
import { comment, prediction, pretendAround } from "./pretend.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const corrected = (commentId: string, label: Correction["label"]) =>
  new Map([[commentId, { commentId, label, state: "stored", problem: null } as const]]);

test("a mark says the label and how sure it is, in words", () => {
  const list = [
    comment("good"),
    comment("doubtful", { prediction: prediction(-0.3, { status: "unsure" }) }),
    comment("vague", { prediction: prediction(0, { confidence: null }) }),
  ];
  expect(marksOf(list, new Map(), catalogue("en"))).toEqual([
    { commentId: "good", label: "positive", unsure: false, words: "Positive, 90% sure" },
    { commentId: "doubtful", label: "negative", unsure: true, words: "Perhaps Negative, unsure" },
    { commentId: "vague", label: "neutral", unsure: false, words: "Neutral" },
  ]);
});

test("a correction counts more than the model", () => {
  const marks = marksOf([comment("c1")], corrected("c1", "negative"), catalogue("en"));
  expect(marks).toMatchObject([{ label: "negative", words: "Negative, corrected by you" }]);
});

test("what was not read, or can't be found on the page, has no mark", () => {
  const list = [
    comment("foreign", { prediction: prediction(0, { status: "not_english" }) }),
    comment(""),
    comment("no id <img>"),
  ];
  expect(marksOf(list, new Map(), catalogue("en"))).toEqual([]);
});

function page() {
  const around = pretendAround();
  const comments = signal<readonly Comment[]>([comment("c1")]);
  const corrections = signal<ReadonlyMap<string, Correction>>(new Map());
  return { around, comments, corrections, marking: new Marking(around, comments, corrections) };
}

test("none are shown unless they are wanted", () => {
  const { around, marking } = page();
  vi.advanceTimersByTime(10_000);
  expect(marking.shown.value).toBe(false);
  expect(around.host.marks).toBeNull();
});

test("they follow what is known, now and then", () => {
  const { around, comments, corrections, marking } = page();
  const show = vi.spyOn(around.host, "showMarks");
  marking.set(true);
  for (let more = 2; more <= 20; more += 1) {
    comments.value = [...comments.value, comment(`c${more}`)];
    vi.advanceTimersByTime(100);
  }
  vi.advanceTimersByTime(500);
  expect(around.host.marks).toHaveLength(20);
  expect(show.mock.calls.length).toBeLessThan(6);
  corrections.value = corrected("c1", "negative");
  vi.advanceTimersByTime(500);
  expect(around.host.marks?.[0]).toMatchObject({ label: "negative" });
});

test("the wish is kept", async () => {
  const { around, marking } = page();
  marking.set(true);
  expect(await loadSettings(around.host.settings)).toMatchObject({ marks: true });
});

test("they follow the settings, and go when they are not wanted any more", () => {
  const { around, marking } = page();
  around.settings.value = { ...DEFAULTS, marks: true };
  vi.advanceTimersByTime(500);
  expect(marking.shown.value).toBe(true);
  expect(around.host.marks).toHaveLength(1);
  around.settings.value = DEFAULTS;
  vi.advanceTimersByTime(500);
  expect(around.host.marks).toBeNull();
});

test("they are put back on a page that was reloaded, if they are wanted", () => {
  const { around, marking } = page();
  around.host.reload();
  vi.advanceTimersByTime(500);
  expect(around.host.marks).toBeNull();
  marking.set(true);
  vi.advanceTimersByTime(500);
  around.host.reload();
  expect(around.host.marks).toBeNull();
  vi.advanceTimersByTime(500);
  expect(around.host.marks).toHaveLength(1);
  marking.dispose();
  around.host.reload();
  vi.advanceTimersByTime(500);
  expect(around.host.marks).toBeNull();
});

test("they go with the panel", () => {
  const { around, marking } = page();
  marking.set(true);
  vi.advanceTimersByTime(500);
  marking.dispose();
  expect(around.host.marks).toBeNull();
});
