import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Problem } from "../../service/problem.ts";
import { Announcer, PROMPT_MS, QUIET_MS, announcePhases } from "./announcing.ts";
import { analysisOf, comments, pretendAround } from "./pretend.ts";
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
