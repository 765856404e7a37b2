/** How often new comments may be looked for, so that watching live does not spend the quota. */

import type { Analysis } from "../../service/wire.ts";
import { moment } from "./filtering.ts";

const DAY_S = 86_400;
/** The other half of what is left is for opening videos. */
const SHARE_FOR_LIVE = 0.5;

/**
 * Return the seconds until the next look.
 *
 * @param wantedSeconds what the viewer has set; never less
 * @param quota what the service says is left; null: unknown, nothing to heed
 * @param unitsPerLook what a look has cost
 * @param now ms since the epoch
 */
export function pollSeconds(
  wantedSeconds: number,
  quota: Analysis["quota"],
  unitsPerLook: number,
  now: number,
): number {
  if (quota === null) return wantedSeconds;
  const resetsAt = moment(quota.resets_at);
  const left = resetsAt === null ? DAY_S : (resetsAt - now) / 1_000;
  const untilReset = Math.min(DAY_S, Math.max(0, left));
  const cost = Math.max(1, unitsPerLook);
  const looks = Math.floor((quota.units_left * SHARE_FOR_LIVE) / cost);
  if (looks === 0) return Math.max(wantedSeconds, untilReset);
  return Math.max(wantedSeconds, untilReset / looks);
}
