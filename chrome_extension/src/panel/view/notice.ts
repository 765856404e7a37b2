/** What the service says of a result's origin, in the viewer's language where that can be. */

import { LANGUAGES, catalogue, type Catalogue } from "../../text/catalogue.ts";

/** The service's own (`sentiment/serving/wire_analysis.py`); its words are our English ones. */
const OWN = ["notice", "noticeStandIn"] as const;

/** By their words in every language: a result of the page's comments has the viewer's. */
const KEYS = new Map<string, (typeof OWN)[number]>([["", "notice"]]);
for (const language of LANGUAGES) {
  for (const key of OWN) KEYS.set(catalogue(language).t(key), key);
}

/** Return the service's notice; those that it gives are known in every language. */
export function noticeOf(notice: string, { t }: Catalogue): string {
  const key = KEYS.get(notice);
  return key === undefined ? notice : t(key);
}

/** Whether there is nothing in it that a viewer has to know first. */
export function isUsual(notice: string): boolean {
  return KEYS.get(notice) === "notice";
}

/** Whether a stand-in of YouTube gave the comments. */
export function isOfStandIn(notice: string): boolean {
  return KEYS.get(notice) === "noticeStandIn";
}
