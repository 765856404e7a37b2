/** The score over time: a chart to look at, a sentence and a table to read. */

import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import type { Analysis, ScoreOf, TrendPoint } from "../../service/wire.ts";
import type { Catalogue } from "../../text/catalogue.ts";
import { Section } from "./section.tsx";
import { stretchesOf, type Stretches } from "./stretches.ts";
import { TrendChart } from "./trend_chart.ts";
import { isClearlyApart } from "./verdict.ts";

interface Props {
  readonly analysis: Analysis;
  readonly words: Catalogue;
}

const FEWEST_POINTS = 2;

export function Trend({ analysis, words }: Props) {
  const { t } = words;
  const { trend } = analysis;
  const points = useMemo(() => trend.filter(({ score }) => score !== null), [trend]);
  const stretches = useMemo(() => stretchesOf(points, words.language), [points, words]);
  const [first, last] = [points[0], points.at(-1)];
  if (points.length < FEWEST_POINTS || !first?.score || !last?.score) return null;
  const [since, until] = [stretches.name(first), stretches.name(last)];
  const [from, to] = [words.signed(first.score.mean), words.signed(last.score.mean)];
  const hasChanged = isClearlyApart(first.score, last.score) === true;
  const sentence = hasChanged
    ? t("trendSentence", { from, since, to, until })
    : t("trendUnclear", { since, until });
  return (
    <Section title={t("trend")} name="trend" note={sentence}>
      <Chart points={points} stretches={stretches} words={words} sentence={sentence} />
      <details class="fold">
        <summary>{t("trendTable")}</summary>
        <div class="table-box" tabIndex={0} role="region" aria-label={t("trendTable")}>
          <table class="table">
            <thead>
              <tr>
                <th scope="col">{t("trendFrom")}</th>
                <th scope="col">{t("score")}</th>
                <th scope="col">{t("likelyRange")}</th>
                <th scope="col">{t("comments")}</th>
              </tr>
            </thead>
            <tbody>
              {points.map((point) => (
                <tr key={point.start}>
                  <th scope="row">{stretches.name(point)}</th>
                  <td dir="ltr">{point.score && words.signed(point.score.mean)}</td>
                  <td dir="ltr">{point.score && shortRange(point.score, words)}</td>
                  <td>{words.integer(point.analysed)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </Section>
  );
}

interface ChartProps {
  readonly points: readonly TrendPoint[];
  readonly stretches: Stretches;
  readonly words: Catalogue;
  readonly sentence: string;
}

function Chart({ points, stretches, words, sentence }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const at = pointed === null ? undefined : points[pointed];
  const drawn = useMemo(() => ({ points, stretches, words }), [points, stretches, words]);
  const chart = useRef<TrendChart | null>(null);
  useEffect(() => {
    if (box.current === null) return;
    const made = new TrendChart(box.current, drawn, setPointed);
    chart.current = made;
    return () => made.dispose();
  }, []);
  useEffect(() => chart.current?.update(drawn), [drawn]);
  return (
    <>
      <div class="chart" role="img" aria-label={sentence} ref={box} />
      <p class="chart-note muted" aria-hidden="true">
        {at?.score
          ? `${stretches.name(at)}: ${words.signed(at.score.mean)}, ${words.t("commentCount", { count: at.analysed })}`
          : words.t("chartNote")}
      </p>
    </>
  );
}

function shortRange({ low, high }: ScoreOf, { t, signed }: Catalogue): string {
  return low === null || high === null ? t("unknownRange") : `${signed(low)} … ${signed(high)}`;
}
