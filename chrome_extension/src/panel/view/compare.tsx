/** The third tab: this video beside another one. */

import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { Problem } from "../../service/problem.ts";
import { fetchedOf, type Analysis } from "../../service/wire.ts";
import type { Catalogue } from "../../text/catalogue.ts";
import { problemWords } from "../../text/problem_words.ts";
import type { Comparison, PanelModel } from "../state/contract.ts";
import { FACES, Icon, WARNING } from "./icons.tsx";
import { Notice } from "./notices.tsx";
import { Age } from "./origin.tsx";
import { Quote } from "./quote.tsx";
import { Scale } from "./scale.tsx";
import { ShareList } from "./shares.tsx";
import { isClearlyApart, leaning, scoreRange, verdict } from "./verdict.ts";

interface Props {
  readonly model: PanelModel;
  readonly analysis: Analysis;
}

export function Compare({ model, analysis }: Props) {
  const comparison = model.comparison.value;
  const { t } = model.words.value;
  const place = useRef<HTMLDivElement>(null);
  const isChosen = comparison !== null;
  useFocusOn(() => place.current?.querySelector("input") ?? place.current, isChosen);
  return (
    <div class="compare-place" tabIndex={-1} role="group" aria-label={t("tabCompare")} ref={place}>
      <h2 class="hidden">{t("tabCompare")}</h2>
      {comparison === null ? (
        <Choice model={model} />
      ) : (
        <>
          <Result comparison={comparison} model={model} analysis={analysis} />
          <div class="actions">
            <button type="button" class="button" onClick={() => model.endComparison()}>
              {t("compareEnd")}
            </button>
          </div>
        </>
      )}
    </div>
  );
}

/** When something else is shown and what had the focus went with it, give the focus a new place. */
function useFocusOn(place: () => HTMLElement | null, shown: unknown): void {
  const isFirst = useRef(true);
  useLayoutEffect(() => {
    if (!isFirst.current && document.activeElement === document.body) place()?.focus();
    isFirst.current = false;
  }, [shown]);
}

function Choice({ model }: { model: PanelModel }) {
  const { t } = model.words.value;
  const id = useId();
  const [typed, setTyped] = useState("");
  const [isMissing, setMissing] = useState(false);
  const known = model.knownVideos.value;
  const submit = (event: Event) => {
    event.preventDefault();
    setMissing(typed.trim() === "");
    if (typed.trim() !== "") model.compareWith(typed.trim());
  };
  return (
    <>
      <form class="part compare-form" onSubmit={submit} noValidate>
        <label for={id}>{t("compareField")}</label>
        <p class="part-note" id={`${id}-help`}>
          {t("compareHelp")}
        </p>
        <div class="field">
          <input id={id} type="text" value={typed} maxLength={500} autocomplete="off"
            spellcheck={false} placeholder="https://www.youtube.com/watch?v=…" dir="ltr"
            aria-describedby={`${id}-help ${id}-wrong`} aria-invalid={isMissing}
            onInput={(event) => {
              setTyped(event.currentTarget.value);
              setMissing(false);
            }} />
          <button type="submit" class="button primary">
            {t("compareStart")}
          </button>
        </div>
        <p class="wrong" id={`${id}-wrong`}>
          {isMissing && t("compareMissing")}
        </p>
      </form>
      {known.length > 0 && (
        <section class="part" aria-labelledby={`${id}-known`}>
          <h3 id={`${id}-known`}>{t("compareKnown")}</h3>
          <ul class="known">
            {known.map(({ videoId, title }) => (
              <li key={videoId}>
                <button type="button" class="row" onClick={() => model.compareWith(videoId)}>
                  <bdi>{title ?? videoId}</bdi>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

interface ResultProps extends Props {
  readonly comparison: Comparison;
}

function Result({ comparison, model, analysis }: ResultProps) {
  const words = model.words.value;
  const { t } = words;
  if (comparison.kind === "loading") {
    return (
      <div class="compare">
        <Side title={t("thisVideo")} analysis={analysis} words={words} />
        <div class="side-card" aria-busy="true">
          <p class="reading">
            <span class="spinner" aria-hidden="true" />
            {t("reading")}
          </p>
          <div class="skeleton skeleton-bars" aria-hidden="true" />
        </div>
      </div>
    );
  }
  if (comparison.kind === "problem") {
    return <ProblemNotice problem={comparison.problem} words={words} />;
  }
  const { isPartial, isStale, problem } = comparison;
  return (
    <>
      {problem !== null && (
        <ProblemNotice problem={problem} words={words}>
          {isStale && <p>{t("compareKept")}</p>}
          {isPartial && <p>{t("comparePartial")}</p>}
        </ProblemNotice>
      )}
      <p class="compare-words">
        {/* What a page has loaded are its top comments: a sample of another kind than a whole video. */}
        {model.source.value === "page"
          ? t("comparePage")
          : difference(analysis, comparison.analysis, words)}
      </p>
      <div class="compare">
        <Side title={t("thisVideo")} analysis={analysis} words={words} />
        <Side title={t("otherVideo")} analysis={comparison.analysis} words={words}>
          {problem === null && (isStale || isPartial) && (
            <p class="reading">
              <span class="spinner" aria-hidden="true" />
              {t(isStale ? "compareEarlier" : "readingMore")}
            </p>
          )}
          <div class="muted small">
            <Age analysis={comparison.analysis} words={words} />
          </div>
        </Side>
      </div>
    </>
  );
}

interface SideProps {
  readonly title: string;
  readonly analysis: Analysis;
  readonly words: Catalogue;
  readonly children?: ComponentChildren;
}

interface ProblemProps {
  readonly problem: Problem;
  readonly words: Catalogue;
  readonly children?: ComponentChildren;
}

function ProblemNotice({ problem, words, children }: ProblemProps) {
  const { title, text, advice, quoted } = problemWords(problem, words);
  return (
    <Notice tone="warning" paths={WARNING} title={title}>
      <p>{text}</p>
      <p>{advice}</p>
      <Quote words={quoted} />
      {children}
    </Notice>
  );
}

function Side({ title, analysis, words, children }: SideProps) {
  const { score, shares, video, analysed } = analysis;
  const { t } = words;
  const id = useId();
  return (
    <section class="side-card" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      <p class="side-title">
        <bdi>{video.title ?? analysis.video_id}</bdi>
      </p>
      {score === null ? (
        <p class="muted">{t("noReadableText")}</p>
      ) : (
        <>
          <p class={`label ink-${leaning(score)}`}>
            <Icon paths={FACES[leaning(score)]} />
            {t(verdict(score, shares.neutral))}
          </p>
          <p class="score-line">
            <strong class="score" dir="ltr">{words.signed(score.mean)}</strong>
            <span class="muted">{scoreRange(score, words)}</span>
          </p>
          <Scale score={score} words={words} small />
          <ShareList analysis={analysis} words={words} />
        </>
      )}
      <p class="muted small">
        {t("analysedOf", { analysed: words.integer(analysed), count: fetchedOf(analysis) })}
      </p>
      {children}
    </section>
  );
}

/** Which video is liked better, by how much, and whether that may be chance. */
function difference(one: Analysis, other: Analysis, words: Catalogue): string {
  const { t } = words;
  if (one.score === null || other.score === null) return t("compareUnknown");
  const [digest, otherDigest] = [one.model.digest, other.model.digest];
  if (digest !== "" && otherDigest !== "" && digest !== otherDigest) return t("compareModels");
  const by = one.score.mean - other.score.mean;
  const isApart = isClearlyApart(one.score, other.score);
  if (isApart !== true) return t("compareClose");
  const points = words.signed(Math.abs(by)).replace("+", "");
  return t(by > 0 ? "compareHigher" : "compareLower", { points });
}
