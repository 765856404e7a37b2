/** The service worker. Listeners are set at once, so that an event may wake it. Fetches nothing. */

import { ChromeStore } from "../host/chrome_store.ts";
import { readMessage } from "../messages.ts";
import { videoIdOfPage } from "../page/video_id.ts";
import { removeOld } from "../panel/state/archive_index.ts";
import { offer, offerEverywhere, reachOpenTabs } from "./offers.ts";

function report(error: unknown): void {
  // For instance a tab that was closed in the meantime.
  console.warn("side panel:", error);
}

// The token lies there, and YouTube's pages run a content script of ours, which needs none of it.
chrome.storage.local.setAccessLevel({ accessLevel: "TRUSTED_CONTEXTS" }).catch(report);
// No panel need be opened again for that; the worker starts whenever a page is loaded.
removeOld(new ChromeStore("session")).catch(report);
chrome.runtime.onInstalled.addListener(() => {
  offerEverywhere().catch(report);
  reachOpenTabs().catch(report);
});
chrome.runtime.onStartup.addListener(() => {
  offerEverywhere().catch(report);
});
chrome.tabs.onUpdated.addListener((tabId, _change, tab) => {
  offer(tabId, videoIdOfPage(tab.url)).catch(report);
});
chrome.runtime.onMessage.addListener((raw: unknown, sender) => {
  const message = readMessage(raw);
  if (message?.kind !== "page.shown" || sender.tab?.id === undefined) return;
  offer(sender.tab.id, message.videoId).catch(report);
});
