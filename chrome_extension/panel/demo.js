/** The demo page: a form for a video, a stand-in for the player, and the panel beside it. */

import { analyze } from "./api.js";
import { part } from "./dom.js";
import { createPanel } from "./panel.js";
import { asRecord } from "./wire.js";

/** @typedef {{videoId: string, replayed: boolean}} DemoConfig */

/**
 * Ask the server which video to start with.
 *
 * @returns {Promise<DemoConfig>} an empty id if the server does not say
 */
async function readConfig() {
  try {
    const response = await fetch("/demo/config.json", { cache: "no-store" });
    const config = asRecord(response.ok ? await response.json() : null);
    const videoId = typeof config.video_id === "string" ? config.video_id : "";
    return { videoId, replayed: config.replayed === true };
  } catch (error) {
    // The page works without it: the visitor types an address.
    console.info("no demo configuration:", error);
    return { videoId: "", replayed: false };
  }
}

const form = part("video-form", HTMLFormElement);
const input = part("video", HTMLInputElement);
const player = {
  title: part("player-title", HTMLElement),
  text: part("player-text", HTMLElement),
  id: part("player-id", HTMLElement),
};
const config = await readConfig();

const panel = createPanel(
  part("panel", HTMLElement),
  (video, signal) => analyze(window.location.origin, video, signal),
  ({ videoId }) => {
    player.id.textContent = videoId;
  },
);

player.title.textContent = config.replayed ? "A replayed, made-up video" : "No player on this page";
player.text.textContent = config.replayed
  ? "A local stand-in for YouTube serves invented comments. The model and its answers are real."
  : "It loads nothing from YouTube: the server fetches the comments and scores them.";

/** @param {string} video */
function showVideo(video) {
  player.id.textContent = "";
  void panel.show(video);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const video = input.value.trim();
  if (video !== "") showVideo(video);
});

if (config.videoId === "") {
  panel.rest("Which video?", "Paste the address of a YouTube video and press Analyse.");
} else {
  input.value = config.videoId;
  showVideo(config.videoId);
}
