// @vitest-environment node
import { beforeEach, expect, it, vi } from "vitest";

import { ChromeHost } from "./chrome_host.ts";

type OnMessage = (raw: unknown, sender: { tab?: { id: number } }) => void;
const heard = new Set<OnMessage>();

beforeEach(() => {
  heard.clear();
  const nothing = { addListener: () => undefined, removeListener: () => undefined };
  vi.stubGlobal("chrome", {
    tabs: { onUpdated: nothing },
    runtime: {
      onMessage: {
        addListener: (listener: OnMessage) => heard.add(listener),
        removeListener: (listener: OnMessage) => heard.delete(listener),
      },
    },
  });
});

const shown = (videoId: string, tabId = 7) => {
  for (const listener of heard) listener({ kind: "page.shown", videoId }, { tab: { id: tabId } });
};

it("tells of each other video of its tab once, and of each page that is ready", () => {
  const host = new ChromeHost(7);
  const videos = vi.fn();
  const ready = vi.fn();
  const ends = [host.onVideoChange(videos), host.onPageReady(ready)];
  shown("abcdefghij1");
  shown("abcdefghij1");
  shown("abcdefghij2", 8);
  expect(videos.mock.calls).toEqual([["abcdefghij1"]]);
  expect(ready).toHaveBeenCalledTimes(2);
  for (const end of ends) end();
  expect(heard.size).toBe(0);
});
