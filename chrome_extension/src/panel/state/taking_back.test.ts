import { expect, test } from "vitest";

import { Problem } from "../../service/problem.ts";
import type { LabelNumber } from "../../service/wire.ts";
import { Correcting } from "./correcting.ts";
import { ORIGIN, PretendService, pretendAround, settled } from "./pretend.ts";

/** Keeps one vote a comment, as the service does: a second one replaces the first, whose id is dead. */
class Votes extends PretendService {
  readonly kept = new Map<string, { readonly id: string; readonly label: LabelNumber }>();
  /** What is asked is done, and the answer lost. */
  losesAnswers = false;
  /** What a vote waits for before it is answered. */
  gate: Promise<void> = Promise.resolve();

  override async sendFeedback(commentId: string, label: LabelNumber, voter: string) {
    const answer = await super.sendFeedback(commentId, label, voter);
    this.kept.set(commentId, { id: answer.id, label });
    await this.gate;
    if (this.losesAnswers) throw new Problem("server_slow");
    return answer;
  }

  override async undoFeedback(id: string) {
    const found = [...this.kept].find(([, one]) => one.id === id);
    if (found === undefined) throw new Problem("not_stored", { status: 404 });
    this.kept.delete(found[0]);
    await super.undoFeedback(id);
  }
}

function panel(service = new Votes()) {
  const around = pretendAround(service);
  return { service, around, correcting: new Correcting(around) };
}
const shownAs = (correcting: Correcting) => {
  const shown = correcting.corrections.value.get("c1");
  return shown && `${shown.label} ${shown.state}`;
};

test("a vote whose answer was lost is taken back for good", async () => {
  const { service, correcting } = panel();
  service.losesAnswers = true;
  await correcting.correct("c1", "negative");
  expect(shownAs(correcting)).toBe("negative storing_failed");
  service.losesAnswers = false;
  await correcting.undo("c1");
  expect(service.kept.size).toBe(0);
  expect(correcting.corrections.value.size).toBe(0);
  const [first, again] = service.votes;
  expect(again).toEqual(first);
});

test("a second vote whose answer was lost is taken back for good", async () => {
  const { service, around, correcting } = panel();
  await correcting.correct("c1", "positive");
  service.losesAnswers = true;
  await correcting.correct("c1", "negative");
  service.losesAnswers = false;
  await correcting.undo("c1");
  expect(service.kept.size).toBe(0);
  expect(correcting.corrections.value.size).toBe(0);
  expect(await around.host.session.get("panel.corrections")).toEqual([]);
});

test("a vote whose answer is lost each time is not said to be taken back", async () => {
  const { service, correcting } = panel();
  service.losesAnswers = true;
  await correcting.correct("c1", "negative");
  await correcting.undo("c1");
  expect(shownAs(correcting)).toBe("negative undoing_failed");
  service.losesAnswers = false;
  await correcting.undo("c1");
  expect(service.kept.size).toBe(0);
  expect(correcting.corrections.value.size).toBe(0);
});

test("a refused vote leaves an unanswered one before it to be taken back", async () => {
  const { service, correcting } = panel();
  service.losesAnswers = true;
  await correcting.correct("c1", "negative");
  service.losesAnswers = false;
  service.failure = new Problem("rate_limited", { status: 429 });
  await correcting.correct("c1", "positive");
  service.failure = null;
  await correcting.undo("c1");
  expect(service.kept.size).toBe(0);
});

test("a vote on a comment that the service no longer has is gone with it", async () => {
  const { service, correcting } = panel();
  service.losesAnswers = true;
  await correcting.correct("c1", "negative");
  service.failure = new Problem("comment_unknown", { status: 404 });
  await correcting.undo("c1");
  expect(correcting.corrections.value.size).toBe(0);
});

test("a vote that is answered after the server was changed belongs to the old one", async () => {
  const old = new Votes();
  const next = new Votes("https://elsewhere.example");
  const around = pretendAround(old);
  let asked = old;
  const correcting = new Correcting({ ...around, service: () => asked });
  let answer = () => {};
  old.gate = new Promise((resolve) => (answer = resolve));
  const done = correcting.correct("c1", "negative");
  const waiting = correcting.correct("c1", "positive");
  await settled();
  asked = next;
  await correcting.open();
  answer();
  await Promise.all([done, waiting]);
  expect(correcting.corrections.value.size).toBe(0);
  await correcting.correct("c1", "neutral");
  await correcting.undo("c1");
  expect(next.votes.map(({ label }) => label)).toEqual([0]);
  // Back at the old one it is known, and can be undone.
  asked = old;
  await correcting.open();
  expect(shownAs(correcting)).toBe("negative stored");
  await correcting.undo("c1");
  expect(old.kept.size).toBe(0);
});

test("an undo is not said to be done when the server was changed meanwhile", async () => {
  const { correcting } = panel();
  await correcting.correct("c1", "negative");
  const done = correcting.undo("c1");
  await correcting.open();
  expect(await done).toBe(false);
  await correcting.correct("c1", "negative");
  expect(await correcting.undo("c1")).toBe(true);
});

test("undo takes back what another panel has voted since", async () => {
  const { service, around, correcting } = panel();
  await correcting.correct("c1", "positive");
  const newer = new Correcting(around);
  await newer.open();
  await newer.correct("c1", "negative");
  await correcting.undo("c1");
  expect(service.kept.size).toBe(0);
  expect(correcting.corrections.value.size).toBe(0);
  expect(await around.host.session.get("panel.corrections")).toEqual([]);
});

test("an undo that fails leaves another panel's vote to be taken back", async () => {
  const { service, around, correcting } = panel();
  await correcting.correct("c1", "positive");
  const newer = new Correcting(around);
  await newer.correct("c1", "negative");
  around.host.permitted = false;
  await correcting.undo("c1");
  expect(shownAs(correcting)).toBe("positive undoing_failed");
  expect(await around.host.session.get("panel.corrections")).toMatchObject([
    { origin: ORIGIN, label: "negative" },
  ]);
  around.host.permitted = true;
  await correcting.undo("c1");
  expect(service.kept.size).toBe(0);
});
