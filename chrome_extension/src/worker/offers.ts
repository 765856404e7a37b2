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
  for (const tab of await chrome.tabs.query({})) {
    if (tab.id !== undefined) await offer(tab.id, videoIdOfPage(tab.url));
  }
}

/** Put the content script into YouTube tabs that were open before the extension was. */
export async function reachOpenTabs(): Promise<void> {
  for (const tab of await chrome.tabs.query({ url: "https://www.youtube.com/*" })) {
    if (tab.id === undefined || tab.discarded) continue;
    await chrome.scripting.executeScript({ target: { tabId: tab.id }, files: ["content.js"] });
  }
}
