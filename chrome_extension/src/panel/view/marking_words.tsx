/** The words that set the positive comments and the negative ones apart. */

import type { Analysis, LabelName } from "../../service/wire.ts";
import type { Catalogue } from "../../text/catalogue.ts";
import { LabelWord } from "./labels.tsx";
import { Section } from "./section.tsx";

interface Props {
  readonly analysis: Analysis;
  readonly words: Catalogue;
  readonly onSearch: (word: string) => void;
}

const SIDES = ["positive", "negative"] as const satisfies LabelName[];
const MOST_WORDS = 8;

export function MarkingWords({ analysis, words, onSearch }: Props) {
  const { t } = words;
  if (SIDES.every((side) => analysis.labels[side].words.length === 0)) return null;
  return (
    <Section title={t("markingWords")} name="words" note={t("markingWordsNote")}>
      <div class="sides">
        {SIDES.map((side) => (
          <div key={side} class="side">
            <h4>
              <LabelWord label={side} words={words} />
            </h4>
            {analysis.labels[side].words.length === 0 && <p class="muted">{t("noWordsStand")}</p>}
            <ul class="chips">
              {analysis.labels[side].words.slice(0, MOST_WORDS).map(({ word, comments }) => (
                <li key={word}>
                  <button type="button" class={`word word-${side}`} onClick={() => onSearch(word)}>
                    <bdi>{word}</bdi> <small>{words.compact(comments)}</small>
                    <span class="hidden">{t("searchThis")}</span>
                  </button>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </Section>
  );
}
