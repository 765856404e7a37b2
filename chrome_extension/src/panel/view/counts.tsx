/** How many comments were counted, what became of the others, and why not all were read. */

import { fetchedOf, type Analysis } from "../../service/wire.ts";
import type { Catalogue, MessageKey } from "../../text/catalogue.ts";
import type { Source } from "../state/contract.ts";
import { Section } from "./section.tsx";

interface Props {
  readonly analysis: Analysis;
  readonly source: Source;
  readonly words: Catalogue;
}

const REASONS: Readonly<Record<string, MessageKey | undefined>> = {
  max_comments: "reasonMaxComments",
  quota: "reasonQuota",
  units: "reasonUnits",
  deadline: "reasonDeadline",
  youtube: "reasonYouTube",
  underway: "reasonUnderway",
};

export function Counts({ analysis, source, words }: Props) {
  const { t, percent } = words;
  const fetched = fetchedOf(analysis);
  const total = Math.max(fetched, analysis.video.comment_count ?? 0);
  const done = total === 0 ? 0 : analysis.analysed / total;
  return (
    <Section title={t("whatWasCounted")} name="counts">
      <p class="counted">
        {t("analysedOf", { analysed: words.integer(analysis.analysed), count: total })}
      </p>
      <div class="progress" aria-hidden="true">
        <span style={{ inlineSize: `${Math.min(1, done) * 100}%` }} />
      </div>
      <ul class="notes">
        {notesOf(analysis, source, words).map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </Section>
  );

  function notesOf({ excluded, unsure, analysed }: Analysis, from: Source, w: Catalogue): string[] {
    const notes = from === "page" ? [w.t("onlyLoaded")] : whyNotAll(analysis, w);
    if (unsure > 0) {
      const share = analysed === 0 ? "" : percent(unsure / analysed);
      notes.push(w.t("countedUnsure", { count: unsure, share }));
    }
    const { not_english: other, empty } = excluded;
    if (other > 0) {
      notes.push(w.t("countedNotEnglish", { count: other, share: percent(other / fetched) }));
    }
    if (empty > 0) notes.push(w.t("countedEmpty", { count: empty }));
    return notes;
  }
}

function whyNotAll({ complete, reasons, replies_left_out: left }: Analysis, { t }: Catalogue): string[] {
  const notes = reasons.flatMap((reason) => REASONS[reason] ?? []).map((key) => t(key));
  if (left > 0) notes.push(t("repliesLeftOut", { count: left }));
  if (!complete && notes.length === 0) notes.push(t("notAllFetched"));
  return notes;
}
