/** Entry of `sidepanel.html?tab=ID`: the side panel of one tab. */

import { ChromeHost } from "../host/chrome_host.ts";
import { part } from "../page/part.ts";
import { mountPanel } from "./panel.tsx";

const tabId = Number(new URLSearchParams(window.location.search).get("tab"));
const host = new ChromeHost(tabId);
const model = await mountPanel(part("panel", HTMLElement), host);
// A panel that is closed leaves no marks on the page and no request under way.
window.addEventListener("pagehide", () => model.dispose());
