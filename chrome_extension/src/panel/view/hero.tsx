/** The answer at a glance: the verdict, the largest share, the score on its scale. */

import type { Analysis } from "../../service/wire.ts";
import type { Catalogue } from "../../text/catalogue.ts";
import { FACES, Icon, LEFT_OUT } from "./icons.tsx";
import { Scale } from "./scale.tsx";
import { largestShare, leaning, scoreRange, verdict } from "./verdict.ts";

interface Props {
  readonly analysis: Analysis;
  readonly words: Catalogue;
}

export function Hero({ analysis, words }: Props) {
  const { t } = words;
  const { score, shares } = analysis;
  if (score === null) {
    return (
      <section class="hero" aria-label={t("result")}>
        <div class="hero-head ink-neutral">
          <Icon paths={LEFT_OUT} />
          <h2>{t("noReadableTitle")}</h2>
        </div>
        <p class="hero-text">{t("noReadableText")}</p>
      </section>
    );
  }
  const lean = leaning(score);
  const sentence = largestShare(analysis, words);
  return (
    <section class="hero" aria-label={t("result")}>
      <div class={`hero-head ink-${lean}`}>
        <Icon paths={FACES[lean]} />
        <h2>{t(verdict(score, shares.neutral))}</h2>
      </div>
      {sentence !== null && <p class="hero-text">{sentence}</p>}
      <p class="score-line">
        <span class="muted">{t("score")}</span>
        <strong class="score" dir="ltr">{words.signed(score.mean)}</strong>
        <span class="muted">{scoreRange(score, words)}</span>
      </p>
      <Scale score={score} words={words} />
    </section>
  );
}
