/** What fills the panel when there is no result: nothing open, nothing there, or a problem. */

import type { ComponentChildren } from "preact";

import type { Problem, ProblemCode } from "../../service/problem.ts";
import { problemWords } from "../../text/problem_words.ts";
import type { PanelModel } from "../state/contract.ts";
import { quotaResetOf } from "../state/quota.ts";
import { isBusyProblem } from "../state/retrying.ts";
import { Countdown } from "./countdown.tsx";
import { FirstRun } from "./first_run.tsx";
import { BUBBLE_OFF, CLOCK, FILM, Icon, LOCK, SERVER, UNPLUGGED, WARNING } from "./icons.tsx";
import { Quote } from "./quote.tsx";
import { AskServer, UsePage, pageHelps } from "./remedies.tsx";

interface MessageProps {
  readonly paths: readonly string[];
  readonly title: string;
  readonly text: string;
  readonly children?: ComponentChildren;
}

export function FullMessage({ paths, title, text, children }: MessageProps) {
  return (
    <section class="message" aria-label={title}>
      <span class="message-icon">
        <Icon paths={paths} />
      </span>
      <h2>{title}</h2>
      <p>{text}</p>
      {children}
    </section>
  );
}

const PICTURES: Partial<Readonly<Record<ProblemCode, readonly string[]>>> = {
  comments_disabled: BUBBLE_OFF,
  video_private: LOCK,
  video_not_found: FILM,
  invalid_video_id: FILM,
  quota_exceeded: CLOCK,
  rate_limited: CLOCK,
  too_many_requests: CLOCK,
  overloaded: CLOCK,
  unauthorized: LOCK,
  forbidden: LOCK,
  page_not_allowed: LOCK,
  permission_missing: LOCK,
  offline: UNPLUGGED,
  server_unreachable: SERVER,
};
/** Where the address or the token may be wrong. */
const SET_RIGHT: readonly ProblemCode[] = [
  "unauthorized",
  "forbidden",
  "permission_missing",
  "unexpected_answer",
  "too_large",
];

interface Props {
  readonly model: PanelModel;
  readonly problem: Problem;
  /** Ms since the epoch, when it asks again by itself. */
  readonly retryAt: number | null;
}

export function ProblemMessage({ model, problem, retryAt }: Props) {
  const words = model.words.value;
  const { t } = words;
  const { code } = problem;
  if (code === "server_unreachable") return <FirstRun model={model} retryAt={retryAt} />;
  const { title, text, advice, quoted, canRetry } = problemWords(problem, words);
  const resetsAt = quotaResetOf(problem, null);
  // Patience is all that is asked for, and the panel has it.
  const isWaiting = retryAt !== null && isBusyProblem(problem);
  const isPageOffered = pageHelps(problem, model);
  const isSettingsOffered = SET_RIGHT.includes(code);
  return (
    <FullMessage paths={PICTURES[code] ?? WARNING} title={title} text={text}>
      {resetsAt !== null && (
        <p class="countdown">{t("quotaResets", { at: words.moment(resetsAt) })}</p>
      )}
      {resetsAt === null && !isWaiting && <p class="muted">{advice}</p>}
      <Quote words={quoted} />
      {retryAt !== null && <Countdown at={retryAt} words={words} />}
      <div class="actions">
        {isSettingsOffered && (
          <button type="button" class="button primary" onClick={() => model.openSettings()}>
            {t("openSettings")}
          </button>
        )}
        {isPageOffered && <UsePage model={model} class="button primary" />}
        {canRetry && (
          <button type="button" class="button" onClick={() => model.retry()}>
            {t("tryAgain")}
          </button>
        )}
        {model.source.value === "page" && <AskServer model={model} class="button" />}
      </div>
      {isPageOffered && <p class="muted small">{t("useLoadedText")}</p>}
    </FullMessage>
  );
}
