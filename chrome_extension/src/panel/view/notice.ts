/** The notice that the numbers are not YouTube's, in the viewer's language where that can be. */

import { catalogue, type Catalogue } from "../../text/catalogue.ts";

const USUAL = catalogue("en").t("notice");

/** Return the service's notice; the one that it usually gives is known in every language. */
export function noticeOf(notice: string, { t }: Catalogue): string {
  return notice === "" || notice === USUAL ? t("notice") : notice;
}
