import { expect, it } from "vitest";

import type { Order } from "../../service/wire.ts";
import { Gathering } from "./gathering.ts";
import { analysisOf, comment, started } from "./pretend.ts";

const at = (minute: number) => ({ published_at: `2026-01-02T10:0${minute}:00Z` });
const told = [comment("old", at(1)), comment("middle", at(2))];
const newer = [comment("new", at(3))];

function gathered(counted: number, order: Order = "time") {
  const gathering = new Gathering(order);
  gathering.take(started());
  gathering.take({ kind: "comments", comments: told });
  gathering.take({ kind: "analysis", analysis: analysisOf(told), eventId: "r:1" });
  gathering.take({ kind: "comments", comments: newer });
  const analysis = analysisOf([...told, ...newer], { fetched: counted });
  return gathering.take({ kind: "analysis", analysis, eventId: "r:2" });
}

it("keeps what newer comments have pushed out of what is counted out of the list too", () => {
  expect(gathered(2)?.comments.map(({ id }) => id)).toEqual(["middle", "new"]);
});

it("keeps the first that came where the most relevant are asked for", () => {
  expect(gathered(2, "relevance")?.comments.map(({ id }) => id)).toEqual(["old", "middle"]);
});

it("keeps all where all are counted", () => {
  expect(gathered(3)?.comments.map(({ id }) => id)).toEqual(["old", "middle", "new"]);
});

it("gives the same list while nothing came", () => {
  const gathering = new Gathering("time");
  gathering.take(started());
  gathering.take({ kind: "comments", comments: told });
  const analysis = analysisOf(told);
  const first = gathering.take({ kind: "analysis", analysis, eventId: "r:1" });
  const second = gathering.take({ kind: "analysis", analysis, eventId: "r:2" });
  expect(second?.comments).toBe(first?.comments);
});
