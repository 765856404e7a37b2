import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Problem } from "../../service/problem.ts";
import { Announcer, PROMPT_MS, QUIET_MS, announcePhases } from "./announcing.ts";
import { analysisOf, comments, prediction, pretendAround } from "./pretend.ts";
import { Shown } from "./shown.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("news have their time before the next; of several the last is said", () => {
  const announcer = new Announcer();
  announcer.report("one");
  expect(announcer.sentence.value).toBe("one");
  announcer.report("two");
  announcer.report("three");
  vi.advanceTimersByTime(QUIET_MS - 1);
  expect(announcer.sentence.value).toBe("one");
  vi.advanceTimersByTime(1);
  expect(announcer.sentence.value).toBe("three");
  vi.advanceTimersByTime(QUIET_MS);
  announcer.report("four");
  expect(announcer.sentence.value).toBe("four");
});

test("an answer to the viewer goes before the news, which are not lost", () => {
  const announcer = new Announcer();
  announcer.report("one");
  announcer.report("two");
  announcer.announce("3 comments shown");
  announcer.announce("2 comments shown");
  vi.advanceTimersByTime(PROMPT_MS);
  expect(announcer.sentence.value).toBe("2 comments shown");
  vi.advanceTimersByTime(QUIET_MS);
  expect(announcer.sentence.value).toBe("two");
});

test("a sentence that equals the last one is heard, and reads the same", () => {
  const announcer = new Announcer();
  const said: string[] = [];
  announcer.sentence.subscribe((sentence) => said.push(sentence));
  for (let time = 0; time < 3; time += 1) {
    announcer.announce("Taken back.");
    vi.advanceTimersByTime(PROMPT_MS);
  }
  announcer.announce("Saved.");
  expect(said).toEqual(["", "Taken back.", "Taken back.\u00a0", "Taken back.", "Saved."]);
});

test("each state is said once, in words", () => {
  const shown = new Shown();
  const announcer = new Announcer();
  const end = announcePhases(announcer, shown, pretendAround());
  const said: string[] = [];
  announcer.sentence.subscribe((sentence) => said.push(sentence));
  const all = comments(2);
  const result = { analysis: analysisOf(all), comments: all };
  const steps = [
    () => shown.moveTo("aaaaaaaaaaa"),
    () => shown.give(result, { kind: "streaming" }),
    () => shown.give(result, { kind: "streaming" }),
    () => shown.give(result, { kind: "complete" }),
    () => shown.fail(new Problem("server_unreachable"), null),
  ];
  for (const step of steps) {
    step();
    vi.advanceTimersByTime(QUIET_MS);
  }
  end();
  expect(said).toEqual([
    "",
    "Reading the comments…",
    "First results: 2 comments, score +0.50.",
    "Done: 2 comments analysed, score +0.50.",
    "No answer from the server. The sentiment server can't be reached.",
  ]);
});

test("what is kept from earlier is told as that while fewer comments stream in", () => {
  const shown = new Shown();
  const announcer = new Announcer();
  const said: string[] = [];
  announcer.sentence.subscribe((sentence) => said.push(sentence));
  const resultOf = (count: number, score: number) => {
    const all = comments(count, { prediction: prediction(score) });
    return { analysis: analysisOf(all), comments: all };
  };
  shown.moveTo("aaaaaaaaaaa");
  const end = announcePhases(announcer, shown, pretendAround());
  const steps = [
    () => shown.recall(resultOf(40, 0.5)),
    () => shown.give(resultOf(3, -0.9), { kind: "streaming" }),
    () => shown.give(resultOf(4, -0.9), { kind: "streaming" }),
    () => shown.give(resultOf(40, -0.9), { kind: "streaming" }),
    () => shown.give(resultOf(41, -0.9), { kind: "complete" }),
  ];
  for (const step of steps) {
    step();
    vi.advanceTimersByTime(QUIET_MS);
  }
  end();
  expect(said).toEqual([
    "",
    "Reading the comments…",
    "This is from earlier. The server is being asked again.",
    "First results: 40 comments, score −0.90.",
    "Done: 41 comments analysed, score −0.90.",
  ]);
});

test.each([
  [
    "page",
    "No comments are loaded yet. Scroll down on YouTube until comments appear, then read again.",
  ],
  ["service", "No comments yet"],
] as const)("what has no comments is told by where they were looked for: %s", (source, sentence) => {
  const shown = new Shown();
  const announcer = new Announcer();
  const end = announcePhases(announcer, shown, pretendAround());
  const said: string[] = [];
  announcer.sentence.subscribe((words) => said.push(words));
  const result = { analysis: analysisOf([]), comments: [] };
  const steps = [
    () => shown.moveTo("aaaaaaaaaaa"),
    () => shown.ask(source),
    // What is not whole may still turn out to have some.
    () => shown.give(result, { kind: "streaming" }),
    () => shown.give(result, { kind: "complete" }),
  ];
  for (const step of steps) {
    step();
    vi.advanceTimersByTime(QUIET_MS);
  }
  end();
  expect(said).toEqual(["", "Reading the comments…", sentence]);
});

test("comments of which none could be read are told as such", () => {
  const shown = new Shown();
  const announcer = new Announcer();
  const end = announcePhases(announcer, shown, pretendAround());
  const analysis = analysisOf([], { fetched: 2, excluded: { empty: 1, not_english: 1 } });
  shown.give({ analysis, comments: [] }, { kind: "complete" });
  end();
  expect(announcer.sentence.value).toBe("No readable comments");
});
