/**
 * In which tabs the panel is offered: where a video is shown, and nowhere else.
 *
 * Holds no state: Chrome ends the worker after 30 idle seconds, and what it knows is in the tabs.
 */

import { videoIdOfPage } from "../page/video_id.ts";

/** The panel's address names its tab, so that a panel never follows another tab's video. */
export function panelPath(tabId: number): string {
  return `sidepanel.html?tab=${tabId}`;
}

/**
 * Offer the panel in a tab that shows a video, withdraw it in any other.
 *
 * @param videoId null where the tab shows none
 */
export async function offer(tabId: number, videoId: string | null): Promise<void> {
  await chrome.sidePanel.setOptions(
    videoId === null
      ? { tabId, enabled: false }
      : { tabId, path: panelPath(tabId), enabled: true },
  );
}

/** Look at every open tab, for instance right after the installation. */
export async function offerEverywhere(): Promise<void> {
  await chrome.sidePanel.setPanelBehavior({ openPanelOnActionClick: true });
  await inEach(await chrome.tabs.query({}), async ({ id, url }) => {
    if (id !== undefined) await offer(id, videoIdOfPage(url));
  });
}

/** Put the content script into YouTube tabs that were open before the extension was. */
export async function reachOpenTabs(): Promise<void> {
  await inEach(await chrome.tabs.query({ url: "https://www.youtube.com/*" }), async (tab) => {
    if (tab.id === undefined || tab.discarded) return;
    await chrome.scripting.executeScript({ target: { tabId: tab.id }, files: ["content.js"] });
  });
}

/** Do something in each tab; one that refuses, closed meanwhile or an error page, stops no other. */
async function inEach(
  tabs: readonly chrome.tabs.Tab[],
  what: (tab: chrome.tabs.Tab) => Promise<void>,
): Promise<void> {
  for (const outcome of await Promise.allSettled(tabs.map(what))) {
    if (outcome.status === "rejected") console.warn("side panel: a tab refused:", outcome.reason);
  }
}
