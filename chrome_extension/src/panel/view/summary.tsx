/** What is said of a whole video: verdict, score, shares, and what was counted. */

import { LABEL_NAMES, type Analysis, type LabelName, type ScoreOf } from "../../service/wire.ts";
import type { Catalogue, MessageKey } from "../../text/catalogue.ts";
import { FACES, Icon } from "./icons.tsx";
import { fetchedOf, scoreRange, shareRange, verdict } from "./verdict.ts";

interface Props {
  readonly analysis: Analysis;
  readonly words: Catalogue;
}

const SMALLEST_SHARE_WITH_FACE = 0.14;
const LABEL_KEYS = {
  negative: "labelNegative",
  neutral: "labelNeutral",
  positive: "labelPositive",
} as const satisfies Record<LabelName, MessageKey>;

export function ScoreCard({ analysis: { score, shares }, words }: Props) {
  const { t } = words;
  if (score === null) {
    return (
      <section class="card" aria-label={t("result")}>
        <h2 class="verdict">{t("noReadableTitle")}</h2>
        <p class="muted">{t("noReadableText")}</p>
      </section>
    );
  }
  return (
    <section class="card" aria-label={t("result")}>
      <h2 class="verdict">{t(verdict(score, shares.neutral))}</h2>
      <p class="score-line">
        <strong class="score">{words.signed(score.mean)}</strong>
        <span class="muted">{scoreRange(score, words)}</span>
      </p>
      <Scale score={score} words={words} />
    </section>
  );
}

/** The line from -1 to +1 with the interval and the score marked. */
function Scale({ score, words: { t } }: { score: ScoreOf; words: Catalogue }) {
  const low = score.low ?? score.mean;
  const high = score.high ?? score.mean;
  return (
    <div>
      <div class="scale" aria-hidden="true">
        <span class="scale-zero" />
        <span
          class="scale-range"
          style={{ insetInlineStart: position(low), inlineSize: `${((high - low) / 2) * 100}%` }}
        />
        <span class="scale-mark" style={{ insetInlineStart: position(score.mean) }} />
      </div>
      <div class="scale-ends muted">
        <span>{t("scaleNegative")}</span>
        <span>{t("scalePositive")}</span>
      </div>
    </div>
  );
}

function position(score: number): string {
  return `${((Math.min(1, Math.max(-1, score)) + 1) / 2) * 100}%`;
}

/** A stacked bar, and the same in numbers with intervals. */
export function SharesCard({ analysis: { shares }, words }: Props) {
  const { t, percent } = words;
  return (
    <section class="card" aria-label={t("shares")}>
      <div class="bar" aria-hidden="true">
        {LABEL_NAMES.map((label) => {
          const share = shares[label].share ?? 0;
          if (share <= 0) return null;
          return (
            <span key={label} class={`bar-part fill-${label}`} style={{ flexGrow: share }}>
              {share >= SMALLEST_SHARE_WITH_FACE && <Icon paths={FACES[label]} />}
            </span>
          );
        })}
      </div>
      <table class="shares">
        <caption class="hidden">{t("sharesCaption")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("feeling")}</th>
            <th scope="col">{t("share")}</th>
            <th scope="col">{t("likelyRange")}</th>
          </tr>
        </thead>
        <tbody>
          {LABEL_NAMES.map((label) => {
            const share = shares[label];
            return (
              <tr key={label} data-label={label}>
                <th scope="row">
                  <LabelWord label={label} words={words} />
                </th>
                <td class="share">{share.share === null ? "–" : percent(share.share)}</td>
                <td class="muted">{share.share === null ? "" : shareRange(share, words)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** A label as its face and its word. */
export function LabelWord({ label, words }: { label: LabelName; words: Catalogue }) {
  return (
    <span class={`label ink-${label}`}>
      <Icon paths={FACES[label]} />
      <span>{words.t(LABEL_KEYS[label])}</span>
    </span>
  );
}

/** How many comments were counted, and what became of the others. */
export function CountsCard({ analysis, words: { t, integer } }: Props) {
  const { excluded, unsure } = analysis;
  const rows = [
    [unsure, "countedUnsure"],
    [excluded.not_english, "countedNotEnglish"],
    [excluded.empty, "countedEmpty"],
  ] as const;
  const notes = rows.filter(([count]) => count > 0).map(([count, key]) => t(key, { count }));
  if (!analysis.complete) notes.push(t("notAllFetched"));
  return (
    <section class="card" aria-label={t("whatWasCounted")}>
      <p class="counted">
        {t("analysedOf", { analysed: integer(analysis.analysed), count: fetchedOf(analysis) })}
      </p>
      {notes.length > 0 && (
        <ul class="notes">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Which model answered, and that these are no data of YouTube. */
export function Origin({ analysis: { model, notice }, words: { t } }: Props) {
  return (
    <div class="origin muted">
      <p class="notice" dir="auto">
        {notice || t("notice")}
      </p>
      <p dir="auto">
        {t("modelLine", { name: model.name || t("modelUnknown") })}
        {model.digest !== "" && (
          <>
            {" · "}
            <code title={`sha256 ${model.digest}`}>{model.digest.slice(0, 12)}</code>
          </>
        )}
      </p>
    </div>
  );
}
