/** What the comments want, and how replies differ from what they answer. */

import { INTENTS, type Analysis, type Intent, type Summary } from "../../service/wire.ts";
import type { Catalogue } from "../../text/catalogue.ts";
import type { Filter } from "../state/contract.ts";
import { Icon, INTENT_ICONS } from "./icons.tsx";
import { INTENT_KEYS } from "./labels.tsx";
import { Scale } from "./scale.tsx";
import { Section } from "./section.tsx";
import { scoreRange } from "./verdict.ts";

interface Props {
  readonly analysis: Analysis;
  readonly words: Catalogue;
  readonly onShow: (change: Partial<Filter>) => void;
}

export function Intents({ analysis, words, onShow }: Props) {
  const { t } = words;
  const rows = INTENTS.map((intent): [Intent, number] => [intent, analysis.intents[intent] ?? 0])
    .filter(([, count]) => count > 0)
    .toSorted(([, a], [, b]) => b - a);
  const most = rows[0]?.[1];
  if (most === undefined) return null;
  return (
    <Section title={t("intents")} name="intents" note={t("intentsNote")}>
      <ul class="tallies">
        {rows.map(([intent, count]) => (
          <li key={intent}>
            <button type="button" class="tally" onClick={() => onShow({ intents: [intent] })}>
              <Icon paths={INTENT_ICONS[intent]} />
              <span class="tally-word">{t(INTENT_KEYS[intent])}</span>
              <span class="tally-bar" aria-hidden="true">
                <span style={{ inlineSize: `${(count / most) * 100}%` }} />
              </span>
              <strong>{words.integer(count)}</strong>
              <span class="hidden">{t("showThese")}</span>
            </button>
          </li>
        ))}
      </ul>
    </Section>
  );
}

export function Threads({ analysis, words, onShow }: Props) {
  const { t } = words;
  const { top_level: topLevel, replies } = analysis.threads;
  if (topLevel.analysed === 0 || replies.analysed === 0) return null;
  return (
    <Section title={t("threads")} name="threads">
      <ul class="threads">
        <Thread title={t("topLevel")} of={topLevel} words={words}
          onShow={() => onShow({ threads: "top_level" })} />
        <Thread title={t("replies")} of={replies} words={words}
          onShow={() => onShow({ threads: "replies" })} />
      </ul>
    </Section>
  );
}

interface ThreadProps {
  readonly title: string;
  readonly of: Summary;
  readonly words: Catalogue;
  readonly onShow: () => void;
}

function Thread({ title, of: { analysed, score }, words, onShow }: ThreadProps) {
  const { t, signed, integer } = words;
  return (
    <li>
      <button type="button" class="thread" onClick={onShow}>
        <span class="thread-words">
          <span>
            {title} <small class="muted">{integer(analysed)}</small>
          </span>{" "}
          {score === null ? (
            <span class="muted">{t("unknownRange")}</span>
          ) : (
            <span>
              <strong dir="ltr">{signed(score.mean)}</strong>
              <span class="hidden"> {scoreRange(score, words)}</span>
            </span>
          )}
          <span class="hidden">{t("showThese")}</span>
        </span>
        {score !== null && <Scale score={score} words={words} small />}
      </button>
    </li>
  );
}
