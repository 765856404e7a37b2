/** Counts down to the next try. Silent: a screen reader is told of the problem once. */

import type { Catalogue } from "../../text/catalogue.ts";
import { clockTime, secondsUntil, useNow } from "./clock.ts";

export function Countdown({ at, words: { t } }: { at: number; words: Catalogue }) {
  const left = secondsUntil(at, useNow(1_000));
  return (
    <p class="countdown" role="timer" aria-live="off">
      {left === 0 ? t("triesNow") : t("triesIn", { time: clockTime(left) })}
    </p>
  );
}
