/**
 * The side panel of one tab: follows that tab's video and asks the configured server.
 *
 * The service worker opens it as `sidepanel.html?tab=ID`.
 */

import { analyze } from "./api.js";
import { part } from "./dom.js";
import { createPanel } from "./panel.js";
import { loadServer, saveServer, serverOrigin } from "./server_address.js";
import { videoIdOfPage } from "./video_id.js";

const tabId = Number(new URLSearchParams(window.location.search).get("tab"));
const input = part("server", HTMLInputElement);
const note = part("server-note", HTMLElement);

const panel = createPanel(part("panel", HTMLElement), async (video, signal) =>
  analyze(await loadServer(), video, signal),
);
/** @type {string | null | undefined} null: the tab shows no video; undefined: not known yet */
let shown;

/** @param {string | undefined} address of the page in our tab */
function follow(address) {
  const video = videoIdOfPage(address);
  // A tab reports several updates for one page; only another video is news.
  if (video === shown) return;
  shown = video;
  if (video === null) {
    panel.rest("Open a video", "The panel shows how its comments feel.");
  } else {
    void panel.show(video);
  }
}

part("server-form", HTMLFormElement).addEventListener("submit", async (event) => {
  event.preventDefault();
  const origin = serverOrigin(input.value);
  input.setAttribute("aria-invalid", String(origin === null));
  if (origin === null) {
    note.textContent = "Wanted an address like http://127.0.0.1:3000, on this computer.";
    return;
  }
  await saveServer(origin);
  input.value = origin;
  note.textContent = "Saved.";
  if (typeof shown === "string") await panel.show(shown);
});

chrome.tabs.onUpdated.addListener((id, _change, tab) => {
  if (id === tabId) follow(tab.url);
});
input.value = await loadServer();
try {
  follow((await chrome.tabs.get(tabId)).url);
} catch (error) {
  console.warn("side panel:", error);
  follow(undefined);
}
