/** The whole panel: what stands in it in each phase, and what is said aloud. */

import { useSignalEffect } from "@preact/signals";
import type { ComponentChildren } from "preact";

import { problemWords } from "../../text/problem_words.ts";
import type { Problem } from "../../service/problem.ts";
import type { PanelModel } from "../state/contract.ts";
import { CommentsCard } from "./comments.tsx";
import { BUBBLE, Icon, WARNING } from "./icons.tsx";
import { CountsCard, Origin, ScoreCard, SharesCard } from "./summary.tsx";
import { fetchedOf, spokenResult } from "./verdict.ts";

export interface PanelViewProps {
  readonly model: PanelModel;
  /** What stands while no video is chosen. */
  readonly rest: { readonly title: string; readonly text: string };
}

export function PanelView({ model, rest }: PanelViewProps) {
  useSignalEffect(() => {
    const phase = model.phase.value;
    const analysis = model.analysis.value;
    const words = model.words.value;
    if (phase.kind === "complete" && analysis) model.announce(spokenResult(analysis, words));
    if (phase.kind === "problem") {
      const { title, text } = problemWords(phase.problem, words);
      model.announce(`${title}. ${text}`);
    }
  });
  return (
    <>
      <p class="hidden" role="status">
        {model.announcement}
      </p>
      <div class="panel-view">
        <Content model={model} rest={rest} />
      </div>
    </>
  );
}

function Content({ model, rest }: PanelViewProps) {
  const phase = model.phase.value;
  const words = model.words.value;
  const analysis = model.analysis.value;
  if (phase.kind === "resting") return <Message paths={BUBBLE} title={rest.title} text={rest.text} />;
  if (phase.kind === "problem") return <ProblemCard model={model} problem={phase.problem} />;
  if (analysis === null) return <Skeleton text={words.t("reading")} />;
  if (phase.kind === "complete" && fetchedOf(analysis) === 0) {
    const [title, text] = [words.t("noCommentsTitle"), words.t("noCommentsText")];
    return (
      <>
        <Message paths={BUBBLE} title={title} text={text} />
        <Origin analysis={analysis} words={words} />
      </>
    );
  }
  const comments = model.comments.value;
  return (
    <>
      <ScoreCard analysis={analysis} words={words} />
      {analysis.score !== null && <SharesCard analysis={analysis} words={words} />}
      <CountsCard analysis={analysis} words={words} />
      <Origin analysis={analysis} words={words} />
      {comments.length > 0 && (
        <CommentsCard comments={comments} words={words} announce={model.announce} />
      )}
    </>
  );
}

function ProblemCard({ model, problem }: { model: PanelModel; problem: Problem }) {
  const words = model.words.value;
  const { title, text, advice, canRetry } = problemWords(problem, words);
  const needsSettings = ["unauthorized", "permission_missing", "server_unreachable"];
  return (
    <Message paths={WARNING} title={title} text={text}>
      <p class="muted" dir="auto">
        {advice}
      </p>
      {canRetry && (
        <button type="button" class="button" onClick={() => model.retry()}>
          {words.t("tryAgain")}
        </button>
      )}
      {needsSettings.includes(problem.code) && (
        <button type="button" class="button" onClick={() => model.openSettings()}>
          {words.t("openSettings")}
        </button>
      )}
    </Message>
  );
}

interface MessageProps {
  readonly paths: readonly string[];
  readonly title: string;
  readonly text: string;
  readonly children?: ComponentChildren;
}

function Message({ paths, title, text, children }: MessageProps) {
  return (
    <section class="card message" aria-label={title}>
      <Icon paths={paths} large />
      <h2>{title}</h2>
      <p dir="auto">{text}</p>
      {children}
    </section>
  );
}

/** Grey shapes where the result will stand. */
function Skeleton({ text }: { text: string }) {
  return (
    <div class="panel-view" aria-hidden="true">
      <p class="muted">{text}</p>
      {["tall", "tall", "short", "tall"].map((size, at) => (
        <div key={at} class={`card skeleton skeleton-${size}`} />
      ))}
    </div>
  );
}
