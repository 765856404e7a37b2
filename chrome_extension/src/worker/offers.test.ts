// @vitest-environment node
import { beforeEach, expect, it, vi } from "vitest";

import { offer, offerEverywhere, reachOpenTabs } from "./offers.ts";

const setOptions = vi.fn(() => Promise.resolve());
const setPanelBehavior = vi.fn(() => Promise.resolve());
const executeScript = vi.fn(() => Promise.resolve([]));
const tabs: { id?: number; url?: string; discarded?: boolean }[] = [];

beforeEach(() => {
  vi.clearAllMocks();
  tabs.length = 0;
  vi.stubGlobal("chrome", {
    sidePanel: { setOptions, setPanelBehavior },
    scripting: { executeScript },
    tabs: { query: () => Promise.resolve(tabs) },
  });
});

it("offers a panel whose address names its tab", async () => {
  await offer(7, "abcdefghij1");
  expect(setOptions).toHaveBeenCalledWith({ tabId: 7, path: "sidepanel.html?tab=7", enabled: true });
});

it("withdraws the panel where no video is shown", async () => {
  await offer(7, null);
  expect(setOptions).toHaveBeenCalledWith({ tabId: 7, enabled: false });
});

it("looks at every open tab and opens on a click of the button", async () => {
  tabs.push({ id: 1, url: "https://www.youtube.com/shorts/abcdefghij1" }, { id: 2 }, {});
  await offerEverywhere();
  expect(setPanelBehavior).toHaveBeenCalledWith({ openPanelOnActionClick: true });
  expect(setOptions.mock.calls).toEqual([
    [{ tabId: 1, path: "sidepanel.html?tab=1", enabled: true }],
    [{ tabId: 2, enabled: false }],
  ]);
});

it("goes on to the other tabs where one refuses, and says so", async () => {
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  tabs.push({ id: 1 }, { id: 2 }, { id: 3 });
  setOptions.mockRejectedValueOnce(new Error("No tab with id: 1."));
  executeScript.mockRejectedValueOnce(new Error("Frame with ID 0 is showing error page"));
  await offerEverywhere();
  await reachOpenTabs();
  expect(setOptions).toHaveBeenCalledWith({ tabId: 3, enabled: false });
  expect(executeScript).toHaveBeenCalledWith({ target: { tabId: 3 }, files: ["content.js"] });
  expect(warn).toHaveBeenCalledTimes(2);
});

it("reaches tabs that are awake", async () => {
  tabs.push({ id: 1 }, { id: 2, discarded: true });
  await reachOpenTabs();
  expect(executeScript.mock.calls).toEqual([[{ target: { tabId: 1 }, files: ["content.js"] }]]);
});
