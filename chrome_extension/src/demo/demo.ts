/** Entry of the demo page: a form for a video, the stand-in watch page, the panel beside it. */

import { DemoHost } from "../host/demo_host.ts";
import { part } from "../page/part.ts";
import { mountPanel } from "../panel/panel.tsx";
import { loadSettings } from "../settings/settings.ts";
import { WebStore } from "../host/web_store.ts";
import { catalogue, languageOf } from "../text/catalogue.ts";
import { readConfig } from "./config.ts";
import { WatchPage } from "./watch_page.ts";
import "./demo.css";

const [config, settings] = await Promise.all([
  readConfig(),
  loadSettings(new WebStore(window.localStorage)),
]);
const words = catalogue(languageOf(settings.language));
part("demo-title", HTMLHeadingElement).textContent = words.t("demoTitle");
part("video-label", HTMLLabelElement).textContent = words.t("demoField");
part("video-submit", HTMLButtonElement).textContent = words.t("demoSubmit");

const host = new DemoHost(new WatchPage(part("watch", HTMLElement), words, config));
const input = part("video", HTMLInputElement);
const panel = part("panel", HTMLElement);
panel.setAttribute("aria-label", words.t("panelName"));

part("video-form", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  const video = input.value.trim();
  if (video !== "") host.open(video);
});

if (config.videoId !== "") {
  input.value = config.videoId;
  host.open(config.videoId);
}
await mountPanel(panel, host);
