/** Entry of `settings.html`, in the extension and on the demo page. */

import { render } from "preact";

import { ChromeStore } from "../../host/chrome_store.ts";
import { WebStore } from "../../host/web_store.ts";
import { part } from "../../page/part.ts";
import "../../panel/view/theme.css";
import { ServiceClient } from "../../service/client.ts";
import { catalogue, languageOf } from "../../text/catalogue.ts";
import { isLocal } from "../server_address.ts";
import { loadSettings } from "../settings.ts";
import { SettingsForm, type Surroundings } from "./form.tsx";
import "./settings.css";

const isExtension = globalThis.chrome?.runtime?.id !== undefined;
const store = isExtension ? new ChromeStore("local") : new WebStore(window.localStorage);
const surroundings: Surroundings = {
  store,
  fixedServer: isExtension ? null : window.location.origin,
  requestPermission: async (origin) =>
    !isExtension ||
    isLocal(origin) ||
    chrome.permissions.request({ origins: [`https://${new URL(origin).hostname}/*`] }),
  makeClient: (settings) =>
    new ServiceClient(
      isExtension
        ? { origin: settings.server, token: settings.token }
        : { origin: window.location.origin },
    ),
};
const settings = await loadSettings(store);
const words = catalogue(languageOf(settings.language));
document.documentElement.lang = words.language;
document.documentElement.dataset.theme = settings.theme;
render(
  <SettingsForm settings={settings} words={words} surroundings={surroundings} />,
  part("settings", HTMLElement),
);
