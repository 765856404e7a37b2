// @vitest-environment node
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { ChromeStore } from "../host/chrome_store.ts";
import { Archive } from "../panel/state/archive.ts";
import { LONGEST_AGE_MS } from "../panel/state/archive_index.ts";
import { ORIGIN, OTHER_VIDEO, VIDEO, analysisOf, comments } from "../panel/state/pretend.ts";

const session = new Map<string, unknown>();

beforeEach(() => {
  vi.useFakeTimers();
  const event = { addListener: () => undefined };
  vi.stubGlobal("chrome", {
    runtime: { onInstalled: event, onMessage: event, onStartup: event },
    storage: {
      local: { setAccessLevel: () => Promise.resolve() },
      onChanged: event,
      session: {
        get: (key: string) => Promise.resolve({ [key]: session.get(key) }),
        remove: (key: string) => Promise.resolve(session.delete(key)),
        set: (values: object) => {
          for (const [key, value] of Object.entries(values)) session.set(key, value);
          return Promise.resolve();
        },
      },
    },
    tabs: { onUpdated: event },
  });
});
afterEach(() => vi.useRealTimers());

it("removes what is older than a week as it starts, whether a panel is open or not", async () => {
  const archive = new Archive(new ChromeStore("session"));
  const result = { analysis: analysisOf(comments(3)), comments: comments(3) };
  await archive.save(ORIGIN, VIDEO, result);
  vi.advanceTimersByTime(LONGEST_AGE_MS - 1);
  await archive.save(ORIGIN, OTHER_VIDEO, result);
  vi.advanceTimersByTime(1);
  await import("./worker.ts");
  await vi.waitFor(() => expect([...session.keys()]).toEqual(["panel.results", "panel.result.1"]));
  await vi.waitFor(() => expect(session.get("panel.results")).toMatchObject([{ slot: 1 }]));
});
