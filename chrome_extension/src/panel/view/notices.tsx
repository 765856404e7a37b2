/** What one has to know before one trusts the result: short, on top of it, most urgent first. */

import type { ComponentChildren } from "preact";

import { fetchedOf } from "../../service/wire.ts";
import { problemWords } from "../../text/problem_words.ts";
import type { PanelModel } from "../state/contract.ts";
import { quotaResetOf } from "../state/quota.ts";
import { isBusyProblem } from "../state/retrying.ts";
import { Countdown } from "./countdown.tsx";
import { CLOCK, CLOSE, Icon, INFO, SWAP, UNPLUGGED, WARNING } from "./icons.tsx";
import { isOfStandIn, isUsual, noticeOf } from "./notice.ts";
import { Quote } from "./quote.tsx";
import { FromPage, UsePage, pageHelps } from "./remedies.tsx";
import { isMostlyOtherLanguage } from "./verdict.ts";

/** A tenth of what YouTube gives a day. */
const FEW_UNITS = 1_000;
const DIGEST_CHARACTERS = 8;

export function Notices({ model }: { model: PanelModel }) {
  return (
    <div class="notices">
      <OriginNotice model={model} />
      <MoodNotice model={model} />
      <PhaseNotice model={model} />
      <SourceNotice model={model} />
      <ModelNotice model={model} />
      <LanguageNotice model={model} />
      <QuotaNotice model={model} />
    </div>
  );
}

interface NoticeProps {
  readonly tone: "plain" | "warning" | "alert";
  readonly paths: readonly string[];
  readonly title?: string;
  readonly children?: ComponentChildren;
}

export function Notice({ tone, paths, title, children }: NoticeProps) {
  return (
    <div class={`notice-box notice-${tone}`}>
      <Icon paths={paths} />
      <div class="notice-words">
        {title !== undefined && <strong>{title}</strong>}
        {children}
      </div>
    </div>
  );
}

/** First of all: whether these are the video's comments. What is usual stands below the result. */
function OriginNotice({ model }: { model: PanelModel }) {
  const notice = model.analysis.value?.notice ?? "";
  const words = model.words.value;
  if (isUsual(notice)) return null;
  return (
    <Notice tone="warning" paths={WARNING}>
      <strong dir="auto">{noticeOf(notice, words)}</strong>
      {isOfStandIn(notice) && <p>{words.t("standInText")}</p>}
    </Notice>
  );
}

function MoodNotice({ model }: { model: PanelModel }) {
  const alert = model.moodAlert.value;
  const { t, signed, moment } = model.words.value;
  if (alert === null) return null;
  const side = alert.to < alert.from ? "moodFell" : "moodRose";
  return (
    <div class="notice-box notice-alert">
      <Icon paths={WARNING} />
      <div class="notice-words">
        <strong>{t(side)}</strong>
        <p>{t("moodTurn", { from: signed(alert.from), to: signed(alert.to) })}</p>
        <p class="muted">{moment(new Date(alert.at))}</p>
      </div>
      <button type="button" class="icon-button" onClick={() => model.dismissMoodAlert()}>
        <Icon paths={CLOSE} />
        <span class="hidden">{t("dismiss")}</span>
      </button>
    </div>
  );
}

/** A problem beside a result that is still there, a broken connection, an old result. */
function PhaseNotice({ model }: { model: PanelModel }) {
  const phase = model.phase.value;
  const words = model.words.value;
  const { t } = words;
  const isOld = model.stale.value;
  const retry = (
    <button type="button" class="link" onClick={() => model.retry()}>
      {t("tryAgain")}
    </button>
  );
  if (phase.kind === "problem") {
    const { title, advice, quoted, canRetry } = problemWords(phase.problem, words);
    const resetsAt = quotaResetOf(phase.problem, model.analysis.value);
    // Patience is all that is asked for, and the panel has it.
    const isWaiting = phase.retryAt !== null && isBusyProblem(phase.problem);
    return (
      <Notice tone="warning" paths={WARNING} title={title}>
        {resetsAt !== null && <p>{t("quotaResets", { at: words.moment(resetsAt) })}</p>}
        {resetsAt === null && !isWaiting && <p>{advice}</p>}
        <Quote words={quoted} />
        {isOld && <p>{t("stillFromEarlier")}</p>}
        {pageHelps(phase.problem, model) && (
          <>
            <UsePage model={model} class="link" />
            <p class="muted small">{t("useLoadedText")}</p>
          </>
        )}
        <div class="actions">
          {phase.retryAt !== null && <Countdown at={phase.retryAt} words={words} />}
          {canRetry && retry}
        </div>
      </Notice>
    );
  }
  if (!model.online.value) {
    return (
      <Notice tone="warning" paths={UNPLUGGED} title={t("problemOfflineTitle")}>
        <p>{t("problemOfflineAdvice")}</p>
      </Notice>
    );
  }
  if (phase.kind === "interrupted") {
    return (
      <Notice tone="warning" paths={UNPLUGGED} title={t("interrupted")}>
        <p>{t("interruptedText")}</p>
      </Notice>
    );
  }
  if (!isOld) return null;
  return (
    <Notice tone="plain" paths={CLOCK}>
      <p>{t("fromEarlier")}</p>
    </Notice>
  );
}

function SourceNotice({ model }: { model: PanelModel }) {
  const analysis = model.analysis.value;
  const { t } = model.words.value;
  if (model.source.value !== "page" || analysis === null) return null;
  return (
    <Notice tone="plain" paths={INFO} title={t("fromPage", { count: fetchedOf(analysis) })}>
      <p>{t("fromPageText")}</p>
      <FromPage model={model} class="link" />
    </Notice>
  );
}

function ModelNotice({ model }: { model: PanelModel }) {
  const before = model.modelChangedFrom.value;
  const now = model.model.value?.digest;
  const { t } = model.words.value;
  if (before === null) return null;
  return (
    <Notice tone="plain" paths={SWAP} title={t("modelChanged")}>
      <p>{t("modelChangedText")}</p>
      <p class="muted">
        <code>{before.slice(0, DIGEST_CHARACTERS)}</code> →{" "}
        <code>{now?.slice(0, DIGEST_CHARACTERS) || t("modelUnknown")}</code>
      </p>
    </Notice>
  );
}

function LanguageNotice({ model }: { model: PanelModel }) {
  const analysis = model.analysis.value;
  const { t, percent } = model.words.value;
  if (analysis === null || !isMostlyOtherLanguage(analysis)) return null;
  const share = percent(analysis.excluded.not_english / fetchedOf(analysis));
  return (
    <Notice tone="warning" paths={INFO} title={t("mostlyOther")}>
      <p>{t("mostlyOtherText", { share })}</p>
    </Notice>
  );
}

function QuotaNotice({ model }: { model: PanelModel }) {
  const quota = model.analysis.value?.quota ?? null;
  const { t, integer, moment } = model.words.value;
  const phase = model.phase.value;
  // The problem says so already.
  if (phase.kind === "problem" && phase.problem.code === "quota_exceeded") return null;
  if (quota === null || quota.units_left > FEW_UNITS || model.source.value === "page") return null;
  const { units_left: left, resets_at: resetsAt } = quota;
  const until = resetsAt === null ? "" : ` ${t("quotaResets", { at: moment(new Date(resetsAt)) })}`;
  const words = left === 0 ? t("quotaNone") : t("quotaLow", { left: integer(left) });
  return (
    <Notice tone="plain" paths={CLOCK}>
      <p>{words + until}</p>
    </Notice>
  );
}
