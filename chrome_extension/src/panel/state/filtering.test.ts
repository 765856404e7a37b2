import { signal } from "@preact/signals";
import { afterEach, expect, test, vi } from "vitest";

import type { Comment } from "../../service/wire.ts";
import { commentList } from "./comment_list.ts";
import { NO_FILTER, type Filter, type SortKey } from "./contract.ts";
import { matching, sorted } from "./filtering.ts";
import { comment, prediction } from "./pretend.ts";
import { FoldedTexts } from "./search.ts";

afterEach(() => vi.unstubAllEnvs());

const ids = (list: readonly Comment[]) => list.map(({ id }) => id);
const shown = (list: readonly Comment[], change: Partial<Filter>) =>
  ids(matching(list, { ...NO_FILTER, ...change }, new FoldedTexts()));

const good = comment("good", { prediction: prediction(0.9), intents: ["praise"] });
const bad = comment("bad", { prediction: prediction(-0.9), intents: ["complaint", "question"] });
const unsure = comment("unsure", { prediction: prediction(0.3, { status: "unsure" }) });
const foreign = comment("foreign", { prediction: prediction(0, { status: "not_english" }) });
const reply = comment("good.1", { parent_id: "good", prediction: prediction(0) });
const ALL = [good, bad, unsure, foreign, reply];

test("no filter lets every comment through", () => {
  expect(shown(ALL, {})).toEqual(ids(ALL));
});

test.each<[string, Partial<Filter>, string[]]>([
  ["a label, unsure ones too", { labels: ["positive"] }, ["good", "unsure"]],
  ["unsure", { labels: ["unsure"] }, ["unsure"]],
  ["left out are no neutral ones", { labels: ["neutral"] }, ["good.1"]],
  ["left out", { labels: ["left_out"] }, ["foreign"]],
  ["several labels", { labels: ["negative", "left_out"] }, ["bad", "foreign"]],
  ["any of the intents", { intents: ["question", "praise"] }, ["good", "bad"]],
  ["top level", { threads: "top_level" }, ["good", "bad", "unsure", "foreign"]],
  ["replies", { threads: "replies" }, ["good.1"]],
  ["all at once", { labels: ["positive"], search: "OF GOOD" }, ["good"]],
])("filters by %s", (_, change, expected) => {
  expect(shown(ALL, change)).toEqual(expected);
});

test.each([
  ["UTC", "01-02", "01-03", ["01-01T23:59:59", "01-02T00:00:00", "01-03T23:59:59", "01-04T00:00:00"]],
  ["America/New_York", "01-02", "01-03", ["01-02T04:59:59", "01-02T05:00:00", "01-04T04:59:59", "01-04T05:00:00"]],
  // Clocks go forward on March 8: that day has 23 hours.
  ["America/New_York", "03-08", "03-08", ["03-08T04:59:59", "03-08T05:00:00", "03-09T03:59:59", "03-09T04:00:00"]],
])("both ends of a span of days belong to it, by the viewer's clock: %s %s", (zone, since, until, times) => {
  vi.stubEnv("TZ", zone);
  const list = times.map((time, at) => comment(`c${at}`, { published_at: `2026-${time}Z` }));
  expect(shown(list, { since: `2026-${since}`, until: `2026-${until}` })).toEqual(["c1", "c2"]);
});

test("a time that ends a span is taken as it is", () => {
  const list = ["02T00:00:00", "02T00:00:01"].map((time, at) =>
    comment(`c${at}`, { published_at: `2026-01-${time}Z` }),
  );
  expect(shown(list, { until: "2026-01-02T00:00:00Z" })).toEqual(["c0"]);
});

test("a comment without a time is in no span", () => {
  expect(shown([comment("c", { published_at: null })], { since: "2020-01-01" })).toEqual([]);
});

const first = comment("first", {
  like_count: 5,
  published_at: "2026-01-01T00:00:00Z",
  prediction: prediction(0.1, { confidence: 0.4 }),
});
const second = comment("second", {
  like_count: 5,
  published_at: "2026-01-03T00:00:00Z",
  prediction: prediction(-0.7, { confidence: 0.8 }),
});
const third = comment("third", {
  like_count: 9,
  published_at: "2026-01-02T00:00:00Z",
  prediction: prediction(0.6, { confidence: 0.6 }),
});
const unknown = comment("unknown", {
  like_count: null,
  published_at: null,
  prediction: prediction(0, { status: "empty" }),
});

test.each<[SortKey, string[]]>([
  ["likes", ["third", "first", "second", "unknown"]],
  ["newest", ["second", "third", "first", "unknown"]],
  ["oldest", ["first", "third", "second", "unknown"]],
  ["score_high", ["third", "first", "second", "unknown"]],
  ["score_low", ["second", "first", "third", "unknown"]],
  ["confidence", ["second", "third", "first", "unknown"]],
])("sorts by %s, ties as they came and the unknown last", (key, expected) => {
  expect(ids(sorted([unknown, first, second, third], key))).toEqual(expected);
});

test("sorting leaves the list that it was given", () => {
  const list = [first, second, third];
  sorted(list, "likes");
  expect(ids(list)).toEqual(["first", "second", "third"]);
});

test("typing a search sorts nothing again", () => {
  const list = [first, second, third];
  const map = vi.spyOn(list, "map");
  const { shownComments, setFilter } = commentList(signal<readonly Comment[]>(list));
  expect(ids(shownComments.value)).toEqual(["third", "first", "second"]);
  setFilter({ search: "ir" });
  expect(ids(shownComments.value)).toEqual(["third", "first"]);
  expect(map).toHaveBeenCalledTimes(1);
});

test("a list that stays as it is stays the same array", () => {
  const comments = signal<readonly Comment[]>([first, second]);
  const { shownComments, setFilter } = commentList(comments);
  setFilter({ search: "second" });
  const before = shownComments.value;
  comments.value = [first, second, third];
  expect(shownComments.value).toBe(before);
});
