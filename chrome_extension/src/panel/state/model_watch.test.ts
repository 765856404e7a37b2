import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { Analysing } from "./analysing.ts";
import { Archive } from "./archive.ts";
import { MODEL, OTHER_VIDEO, VIDEO, comments, settled, started, wholeRun } from "./pretend.ts";
import { complete, panel } from "./pretend_panel.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("another model", () => {
  const NEWER = { name: "starter", digest: "sha256:2" };
  const ask = async (
    { analysing, service }: Awaited<ReturnType<typeof complete>>,
    model = MODEL,
  ) => {
    service.lastRun.end();
    await settled();
    analysing.retry();
    await settled();
    service.lastRun.say(...wholeRun(comments(3), { model }));
    service.lastRun.end();
    await settled();
  };

  test("is told, with the digest before", async () => {
    const all = await complete();
    await ask(all);
    expect(all.shown.modelChangedFrom.value).toBeNull();
    await ask(all, NEWER);
    expect(all.shown.modelChangedFrom.value).toBe("sha256:1");
    expect(all.shown.model.value).toEqual(NEWER);
    await ask(all, NEWER);
    expect(all.shown.modelChangedFrom.value).toBeNull();
  });

  test("stays told when the run has to begin afresh", async () => {
    const all = await complete();
    all.service.lastRun.end();
    await settled();
    all.analysing.retry();
    await settled();
    all.service.lastRun.say(started(VIDEO, NEWER), started(VIDEO, NEWER));
    await settled();
    expect(all.shown.modelChangedFrom.value).toBe("sha256:1");
  });

  test("is told by a panel that was opened again", async () => {
    const first = await complete();
    await ask(first);
    const { around, shown, service } = await panel();
    const archive = new Archive(first.around.host.session);
    await archive.open();
    new Analysing(around, archive, shown).show(OTHER_VIDEO);
    await settled();
    service.lastRun.say(started(OTHER_VIDEO, NEWER));
    await settled();
    expect(shown.modelChangedFrom.value).toBe("sha256:1");
  });
});
