/** How many comments feel which way: a bar each, with its interval as a line across the bar's end. */

import type { Analysis, LabelName, ShareOf } from "../../service/wire.ts";
import type { Catalogue } from "../../text/catalogue.ts";
import { LABELS_SHOWN, LabelWord } from "./labels.tsx";
import { Section } from "./section.tsx";
import { giveOrTake } from "./verdict.ts";

interface Props {
  readonly analysis: Pick<Analysis, "shares">;
  readonly words: Catalogue;
  /** Show the comments of a label; without it the rows are no buttons. */
  readonly onChoose?: (label: LabelName) => void;
}

export function Shares({ analysis, words, onChoose }: Props) {
  const { t } = words;
  return (
    <Section title={t("shares")} name="shares">
      <ShareList analysis={analysis} words={words} {...(onChoose && { onChoose })} />
    </Section>
  );
}

export function ShareList({ analysis: { shares }, words, onChoose }: Props) {
  const { t } = words;
  return (
    <ul class="shares">
      {LABELS_SHOWN.map((label) => {
        const row = <ShareRow label={label} share={shares[label]} words={words} />;
        return (
          <li key={label} data-label={label}>
            {onChoose ? (
              <button type="button" class="share-row" onClick={() => onChoose(label)}>
                {row}
                <span class="hidden">{t("showThese")}</span>
              </button>
            ) : (
              <div class="share-row">{row}</div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

interface RowProps {
  readonly label: LabelName;
  readonly share: ShareOf;
  readonly words: Catalogue;
}

function ShareRow({ label, share: shareOf, words }: RowProps) {
  const { share, low, high } = shareOf;
  return (
    <>
      <span class="share-words">
        <LabelWord label={label} words={words} />{" "}
        <strong class="share">{share === null ? "–" : words.percent(share)}</strong>{" "}
        <span class="share-margin">{giveOrTake(shareOf, words)}</span>
      </span>
      <span class="bar" aria-hidden="true">
        <span class={`bar-part fill-${label}`} style={{ inlineSize: `${(share ?? 0) * 100}%` }} />
        {low !== null && high !== null && (
          <span
            class="bar-range"
            style={{ insetInlineStart: `${low * 100}%`, inlineSize: `${(high - low) * 100}%` }}
          />
        )}
      </span>
    </>
  );
}
