/** The line from -1 to +1 with the score and its interval. A picture: the numbers stand beside it. */

import type { ScoreOf } from "../../service/wire.ts";
import type { Catalogue } from "../../text/catalogue.ts";
import { leaning } from "./verdict.ts";

interface Props {
  readonly score: ScoreOf;
  readonly words: Catalogue;
  /** Without the words at its ends. */
  readonly small?: boolean;
}

export function Scale({ score, words: { t }, small = false }: Props) {
  const low = score.low ?? score.mean;
  const high = score.high ?? score.mean;
  return (
    <div class={small ? "scale-box scale-small" : "scale-box"} aria-hidden="true">
      <div class="scale">
        <span class="scale-zero" />
        <span
          class={`scale-range fill-${leaning(score)}`}
          style={{ "--middle": position((low + high) / 2), "--width": `${((high - low) / 2) * 100}%` }}
        />
        <span class="scale-mark" style={{ insetInlineStart: position(score.mean) }} />
      </div>
      {!small && (
        <div class="scale-ends">
          <span>{t("scaleNegative")}</span>
          <span>0</span>
          <span>{t("scalePositive")}</span>
        </div>
      )}
    </div>
  );
}

function position(score: number): string {
  return `${((Math.min(1, Math.max(-1, score)) + 1) / 2) * 100}%`;
}
