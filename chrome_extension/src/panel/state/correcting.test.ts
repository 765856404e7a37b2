import { expect, test, vi } from "vitest";

import { Problem } from "../../service/problem.ts";
import { Correcting } from "./correcting.ts";
import { PretendService, pretendAround, settled } from "./pretend.ts";

const state = (correcting: Correcting) => correcting.corrections.value.get("c1")?.state;
const shownAs = (correcting: Correcting) =>
  `${correcting.corrections.value.get("c1")?.label} ${state(correcting)}`;

test("a correction is shown at once and stored by the service", async () => {
  const around = pretendAround();
  const correcting = new Correcting(around);
  const done = correcting.correct("c1", "negative");
  expect(correcting.corrections.value.get("c1")).toEqual({
    commentId: "c1",
    label: "negative",
    state: "sending",
    problem: null,
  });
  await done;
  expect(state(correcting)).toBe("stored");
  expect(around.asked.votes).toMatchObject([{ commentId: "c1", label: -1 }]);
});

test("every vote is that of the same voter, also of a panel that is opened later", async () => {
  const around = pretendAround();
  await new Correcting(around).correct("c1", "negative");
  await new Correcting(around).correct("c2", "positive");
  const [first, second] = around.asked.votes;
  expect(first?.voter).toMatch(/^[0-9a-f-]{36}$/);
  expect(second?.voter).toBe(first?.voter);
});

test("it is undone by the id that the service gave", async () => {
  const around = pretendAround();
  const correcting = new Correcting(around);
  await correcting.correct("c1", "negative");
  const done = correcting.undo("c1");
  expect(state(correcting)).toBe("undoing");
  await done;
  expect(around.asked.undone).toEqual(["f1"]);
  expect(correcting.corrections.value.size).toBe(0);
});

test("a failure is shown, and trying again mends it", async () => {
  const around = pretendAround();
  const correcting = new Correcting(around);
  around.asked.failure = new Problem("server_unreachable");
  await correcting.correct("c1", "neutral");
  expect(correcting.corrections.value.get("c1")).toMatchObject({
    label: "neutral",
    state: "storing_failed",
    problem: { code: "server_unreachable" },
  });
  around.asked.failure = null;
  await correcting.correct("c1", "neutral");
  expect(correcting.corrections.value.get("c1")).toMatchObject({ state: "stored", problem: null });
});

test("one that the service refused is dropped without asking it", async () => {
  const around = pretendAround();
  const correcting = new Correcting(around);
  around.asked.failure = new Problem("comment_unknown", { status: 404 });
  await correcting.correct("c1", "neutral");
  around.asked.failure = null;
  await correcting.undo("c1");
  expect(correcting.corrections.value.size).toBe(0);
  expect(around.asked.votes).toEqual([]);
  expect(around.asked.undone).toEqual([]);
});

test("one that was never sent is dropped without asking the service", async () => {
  const around = pretendAround();
  const correcting = new Correcting(around);
  around.host.permitted = false;
  await correcting.correct("c1", "neutral");
  await correcting.undo("c1");
  expect(correcting.corrections.value.size).toBe(0);
});

test("an undoing that fails keeps the correction, and can be tried again", async () => {
  const around = pretendAround();
  const correcting = new Correcting(around);
  await correcting.correct("c1", "neutral");
  around.asked.failure = new Problem("server_slow");
  await correcting.undo("c1");
  expect(state(correcting)).toBe("undoing_failed");
  around.asked.failure = null;
  await correcting.undo("c1");
  expect(around.asked.undone).toEqual(["f1"]);
  expect(correcting.corrections.value.size).toBe(0);
});

test("one that the service no longer has is undone", async () => {
  const around = pretendAround();
  const correcting = new Correcting(around);
  await correcting.correct("c1", "neutral");
  around.asked.failure = new Problem("not_stored", { status: 404 });
  await correcting.undo("c1");
  expect(correcting.corrections.value.size).toBe(0);
});

test("of two wishes in a row the last one stands, and is undone", async () => {
  const around = pretendAround();
  const correcting = new Correcting(around);
  const both = [correcting.correct("c1", "neutral"), correcting.correct("c1", "positive")];
  await settled();
  await Promise.all(both);
  expect(around.asked.votes.map(({ label }) => label)).toEqual([0, 1]);
  expect(shownAs(correcting)).toEqual("positive stored");
  await correcting.undo("c1");
  expect(around.asked.undone).toEqual(["f2"]);
});

test("taken back while it is being sent, it is gone; not when nothing was answered", async () => {
  const around = pretendAround();
  const correcting = new Correcting(around);
  await Promise.all([correcting.correct("c1", "neutral"), correcting.undo("c1")]);
  expect(correcting.corrections.value.size).toBe(0);
  around.asked.failure = new Problem("server_slow");
  await Promise.all([correcting.correct("c1", "neutral"), correcting.undo("c1")]);
  expect(shownAs(correcting)).toBe("neutral undoing_failed");
  around.asked.failure = null;
  await correcting.undo("c1");
  expect(correcting.corrections.value.size).toBe(0);
});

test("the same wish twice is stored, though the first try fails", async () => {
  const around = pretendAround();
  const correcting = new Correcting(around);
  around.asked.failure = new Problem("server_slow");
  const first = correcting.correct("c1", "neutral");
  const second = correcting.correct("c1", "neutral");
  await first;
  around.asked.failure = null;
  await second;
  expect(state(correcting)).toBe("stored");
});

test("when undoing fails, what the service still has is what is shown", async () => {
  const around = pretendAround();
  const correcting = new Correcting(around);
  await correcting.correct("c1", "neutral");
  around.asked.failure = new Problem("server_slow");
  await correcting.correct("c1", "positive");
  await correcting.undo("c1");
  expect(shownAs(correcting)).toEqual("neutral undoing_failed");
});

test("a panel that is opened again knows what was stored, and can undo it", async () => {
  const around = pretendAround();
  await new Correcting(around).correct("c1", "negative");
  const correcting = new Correcting(around);
  await correcting.open();
  expect(shownAs(correcting)).toEqual("negative stored");
  await correcting.undo("c1");
  expect(around.asked.undone).toEqual(["f1"]);
  const third = new Correcting(around);
  await third.open();
  expect(third.corrections.value.size).toBe(0);
});

test("what another service has stored is not shown, and is not lost", async () => {
  const around = pretendAround();
  await new Correcting(around).correct("c1", "negative");
  const elsewhere = new PretendService("https://elsewhere.example");
  const other = new Correcting({ ...around, service: () => elsewhere });
  await other.open();
  expect(other.corrections.value.size).toBe(0);
  await other.correct("c1", "positive");
  const back = new Correcting(around);
  await back.open();
  expect(back.corrections.value.get("c1")?.label).toBe("negative");
});

test("a store that is full costs only the memory of it", async () => {
  vi.spyOn(console, "warn").mockReturnValue();
  const around = pretendAround();
  vi.spyOn(around.host.session, "set").mockRejectedValue(new Error("QUOTA_BYTES"));
  const correcting = new Correcting(around);
  await correcting.correct("c1", "negative");
  expect(state(correcting)).toBe("stored");
});
