/** What analyses, put together for tests. */

import { Analysing } from "./analysing.ts";
import { Archive } from "./archive.ts";
import { VIDEO, PretendService, comments, pretendAround, settled, wholeRun } from "./pretend.ts";
import { Shown } from "./shown.ts";

/** What analyses, over a pretended service. */
export async function panel(service = new PretendService()) {
  const around = pretendAround(service);
  const archive = new Archive(around.host.session);
  await archive.open();
  const shown = new Shown();
  const analysing = new Analysing(around, archive, shown);
  return { around, archive, shown, analysing, service };
}

/** The same, showing a video whose result has come. */
export async function complete(count = 3) {
  const all = await panel();
  all.analysing.show(VIDEO);
  await settled();
  all.service.lastRun.say(...wholeRun(comments(count)));
  await settled();
  return all;
}
