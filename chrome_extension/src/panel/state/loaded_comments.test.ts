import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { Problem } from "../../service/problem.ts";
import { MODEL, VIDEO, comments, settled, wholeRun } from "./pretend.ts";
import { panel } from "./pretend_panel.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("the comments loaded on the page", () => {
  const loaded = [
    { id: "c1", text: "good" },
    { id: "c1.r", text: "bad" },
    { id: null, text: "good too" },
  ];

  test("are labelled and counted", async () => {
    const { analysing, shown, service, around } = await panel();
    around.host.loaded = loaded;
    analysing.show(VIDEO);
    await settled();
    service.lastRun.fail(new Problem("api_key_missing"));
    await settled();
    analysing.useLoadedComments();
    await settled();
    expect(shown.source.value).toBe("page");
    expect(shown.phase.value).toEqual({ kind: "complete" });
    expect(shown.analysis.value).toMatchObject({
      analysed: 3,
      fetched: 3,
      complete: false,
      shares: { positive: { share: 2 / 3 } },
      threads: { replies: { analysed: 1 } },
      model: MODEL,
      notice: "Computed by this tool, not YouTube data.",
    });
    expect(shown.comments.value[1]).toMatchObject({ parent_id: "c1", like_count: null });
    expect(service.predicted).toEqual([["good", "bad", "good too"]]);
  });

  test("come in pieces", async () => {
    const { analysing, shown, service, around } = await panel();
    around.host.loaded = Array.from({ length: 250 }, (_, at) => ({ id: `c${at}`, text: "good" }));
    analysing.show(VIDEO);
    analysing.useLoadedComments();
    await settled();
    expect(service.predicted.map(({ length }) => length)).toEqual([100, 100, 50]);
    expect(shown.comments.value).toHaveLength(250);
  });

  test("that are fewer than before are shown as they are", async () => {
    const { analysing, shown, around } = await panel();
    around.host.loaded = loaded;
    analysing.show(VIDEO);
    analysing.useLoadedComments();
    await settled();
    around.host.loaded = loaded.slice(0, 1);
    analysing.useLoadedComments();
    await settled();
    expect(shown.comments.value).toHaveLength(1);
    expect(shown.stale.value).toBe(false);
  });

  test("may be none", async () => {
    const { analysing, shown, service } = await panel();
    analysing.show(VIDEO);
    analysing.useLoadedComments();
    await settled();
    expect(shown.analysis.value).toMatchObject({ analysed: 0, score: null });
    expect(service.predicted).toEqual([]);
  });

  test("are read again when that has failed; else the service is asked", async () => {
    const { analysing, shown, service, around } = await panel();
    around.host.loaded = loaded;
    analysing.show(VIDEO);
    service.failure = new Problem("model_unavailable");
    analysing.useLoadedComments();
    await settled();
    expect(shown.phase.value).toMatchObject({ problem: { code: "model_unavailable" } });
    service.failure = null;
    analysing.retry();
    await settled();
    expect(shown.source.value).toBe("page");
    expect(shown.phase.value).toEqual({ kind: "complete" });
    analysing.retry();
    expect(shown.source.value).toBe("service");
    expect(shown.analysis.value).toBeNull();
  });

  test("are left for the service, also after they could not be read", async () => {
    const { analysing, shown, service, around } = await panel();
    around.host.loaded = loaded;
    analysing.show(VIDEO);
    service.failure = new Problem("model_unavailable");
    analysing.useLoadedComments();
    await settled();
    analysing.askService();
    await settled();
    expect(shown.source.value).toBe("service");
    service.lastRun.say(...wholeRun(comments(2)));
    service.lastRun.end();
    await settled();
    expect(shown.phase.value).toEqual({ kind: "complete" });
    expect(shown.comments.value).toHaveLength(2);
  });

  test("that were loaded since are read when one asks again", async () => {
    const { analysing, shown, around } = await panel();
    around.host.loaded = loaded;
    analysing.show(VIDEO);
    analysing.useLoadedComments();
    await settled();
    around.host.loaded = [...loaded, { id: "c2", text: "good" }];
    analysing.useLoadedComments();
    await settled();
    expect(shown.source.value).toBe("page");
    expect(shown.comments.value).toHaveLength(4);
  });

  test("are not kept as the video's result", async () => {
    const { analysing, archive, around } = await panel();
    around.host.loaded = loaded;
    analysing.show(VIDEO);
    analysing.useLoadedComments();
    await settled();
    expect(archive.entries.value).toEqual([]);
  });
});
