/** Puts the panel into a page: the model behind it, the view, and the page's own attributes. */

import { effect } from "@preact/signals";
import { render } from "preact";

import type { Host } from "../host/host.ts";
import type { PanelModel } from "./state/contract.ts";
import { createModel } from "./state/model.ts";
import { PanelView } from "./view/panel_view.tsx";
import "./view/theme.css";
import "./view/panel.css";

/** Names of states for styles and tests. */
const STATES = {
  resting: "resting",
  loading: "loading",
  streaming: "streaming",
  interrupted: "interrupted",
  complete: "result",
  problem: "problem",
} as const;

/**
 * Make a panel inside `root` and begin with the host's video.
 *
 * @param root an empty element
 */
export async function mountPanel(root: HTMLElement, host: Host): Promise<PanelModel> {
  const model = await createModel(host);
  root.tabIndex = -1;
  effect(() => {
    const { kind } = model.phase.value;
    root.setAttribute("aria-busy", String(kind === "loading" || kind === "streaming"));
    root.dataset.state = STATES[kind];
  });
  effect(() => {
    const { language, direction } = model.words.value;
    document.documentElement.lang = language;
    document.documentElement.dir = direction;
  });
  effect(() => {
    document.documentElement.dataset.theme = model.settings.value.theme;
  });
  const { t } = model.words.peek();
  const rest =
    host.kind === "demo"
      ? { title: t("demoWhichVideo"), text: t("demoWhichVideoText") }
      : { title: t("restTitle"), text: t("restText") };
  render(<PanelView model={model} rest={rest} />, root);
  keepFocus(root);
  return model;
}

/** When the focused button vanishes, keep a keyboard user in the panel, not at the page's start. */
function keepFocus(root: HTMLElement): void {
  root.addEventListener("focusout", (event) => {
    const left = event.target;
    queueMicrotask(() => {
      const isGone = left instanceof Node && !left.isConnected;
      if (isGone && document.activeElement === document.body) root.focus();
    });
  });
}
