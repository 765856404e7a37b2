/**
 * Entry of `gallery.html`: the real components with made-up data, for looking at and for tests.
 *
 * Not part of what ships. `?state=complete&theme=dark&language=de&direction=rtl`; without a state,
 * a list of links. `?state=settings` shows the settings page.
 */

import { render } from "preact";

import { MemoryStore } from "../../host/memory_store.ts";
import { part } from "../../page/part.ts";
import { ServiceClient } from "../../service/client.ts";
import { DEFAULTS } from "../../settings/settings.ts";
import { SettingsForm } from "../../settings/view/form.tsx";
import { catalogue, languageOf, type Language } from "../../text/catalogue.ts";
import { fakeModel } from "./fake_model.ts";
import { STATES } from "./gallery_states.ts";
import { PanelView } from "./panel_view.tsx";
import "./theme.css";
import "./panel.css";
import "../../settings/view/settings.css";

const asked = new URLSearchParams(window.location.search);
const language: Language = languageOf(asked.get("language") === "de" ? "de" : "en");
const words = { ...catalogue(language), direction: asked.get("direction") === "rtl" ? "rtl" : "ltr" } as const;
const root = part("panel", HTMLElement);
const name = asked.get("state") ?? "";
const state = STATES[name];
document.documentElement.lang = language;
document.documentElement.dir = words.direction;
document.documentElement.dataset.theme = asked.get("theme") ?? "light";

if (name === "settings") {
  document.body.className = "settings";
  const surroundings = {
    store: new MemoryStore(),
    fixedServer: null,
    requestPermission: async () => true,
    makeClient: () => new ServiceClient({ origin: window.location.origin, token: "" }),
  };
  render(<SettingsForm settings={DEFAULTS} words={words} surroundings={surroundings} />, root);
} else if (state === undefined) {
  render(
    <ul>
      {[...Object.keys(STATES), "settings"].map((one) => (
        <li key={one}>
          <a href={`?state=${one}`}>{one}</a>
        </li>
      ))}
    </ul>,
    root,
  );
} else {
  const { tab, ...start } = state();
  const model = fakeModel({ ...start, words });
  const rest = { title: words.t("restTitle"), text: words.t("restText") };
  render(<PanelView model={model} rest={rest} {...(tab && { firstTab: tab })} />, root);
}
