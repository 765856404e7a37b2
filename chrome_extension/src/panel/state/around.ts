/** What the parts of the model are given: the host, the browser, the service of the settings. */

import type { ReadonlySignal } from "@preact/signals";

import type { Host } from "../../host/host.ts";
import type { ServiceClient } from "../../service/client.ts";
import type { Settings } from "../../settings/settings.ts";
import type { Catalogue } from "../../text/catalogue.ts";
import type { Browser } from "./browser.ts";

/** What of the service's client is used, so that a test can pass its own. */
export type Service = Pick<
  ServiceClient,
  "origin" | "model" | "predict" | "sendFeedback" | "undoFeedback" | "analyse" | "changes"
>;

export interface Around {
  readonly host: Host;
  readonly browser: Browser;
  readonly settings: ReadonlySignal<Settings>;
  readonly words: ReadonlySignal<Catalogue>;
  /** Return the service that the settings name now. */
  service(): Service;
}
