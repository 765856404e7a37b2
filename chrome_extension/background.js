/**
 * The service worker: offers the side panel on YouTube's video pages and nowhere else.
 *
 * Holds no state, because Chrome ends it after 30 idle seconds. Fetches nothing: the panel does.
 */

import { videoIdOfPage } from "./panel/video_id.js";

/**
 * Offer the panel in a tab that shows a video, withdraw it in any other.
 *
 * The panel's address names its tab, so that a panel never follows another tab's video.
 *
 * @param {number} tabId
 * @param {string | undefined} address undefined for pages whose address we may not see
 */
async function offerPanel(tabId, address) {
  if (videoIdOfPage(address) === null) {
    await chrome.sidePanel.setOptions({ tabId, enabled: false });
    return;
  }
  await chrome.sidePanel.setOptions({
    tabId,
    path: `panel/sidepanel.html?tab=${tabId}`,
    enabled: true,
  });
}

/** Look at every open tab, for instance right after the installation. */
async function offerPanels() {
  await chrome.sidePanel.setPanelBehavior({ openPanelOnActionClick: true });
  for (const tab of await chrome.tabs.query({})) {
    if (tab.id !== undefined) await offerPanel(tab.id, tab.url);
  }
}

/** @param {unknown} error for instance a tab that was closed in the meantime */
function report(error) {
  console.warn("side panel:", error);
}

chrome.runtime.onInstalled.addListener(() => {
  offerPanels().catch(report);
});
chrome.runtime.onStartup.addListener(() => {
  offerPanels().catch(report);
});
chrome.tabs.onUpdated.addListener((tabId, _change, tab) => {
  offerPanel(tabId, tab.url).catch(report);
});
