/** Entry of `sidepanel.html?tab=ID`: the side panel of one tab. */

import { ChromeHost } from "../host/chrome_host.ts";
import { part } from "../page/part.ts";
import { mountPanel } from "./panel.tsx";
import "./sidepanel.css";

const tabId = Number(new URLSearchParams(window.location.search).get("tab"));
const host = new ChromeHost(tabId);
const model = await mountPanel(part("panel", HTMLElement), host);
const open = part("open-settings", HTMLButtonElement);
open.textContent = model.words.value.t("openSettings");
open.addEventListener("click", () => host.openSettings());
