// @vitest-environment node
import { expect, it } from "vitest";

import { readMessage, readReply } from "./messages.ts";

it.each([
  { kind: "page.seek", seconds: 4.5 },
  { kind: "page.jump", commentId: "Ugx_1.9-a" },
  { kind: "page.shown", videoId: null },
  { kind: "page.showMarks", marks: [] },
])("takes $kind", (message) => {
  expect(readMessage(message)).toEqual(message);
});

it.each([
  null,
  "page.ping",
  { kind: "page.unknown" },
  { kind: "page.seek", seconds: Number.NaN },
  { kind: "page.seek", seconds: -1 },
  { kind: "page.jump", commentId: "a b" },
  { kind: "page.shown", videoId: "short" },
])("refuses %j", (message) => {
  expect(readMessage(message)).toBeNull();
});

it("takes only the reply to what was asked", () => {
  expect(readReply("page.seek", { done: true })).toEqual({ done: true });
  expect(readReply("page.jump", { done: true })).toBeNull();
  expect(readReply("page.readComments", undefined)).toBeNull();
});
