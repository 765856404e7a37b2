/** Says that a label is wrong: which it should be, what became of that, and the way back. */

import { labelName, type Comment, type LabelName } from "../../service/wire.ts";
import { problemWords } from "../../text/problem_words.ts";
import type { Catalogue } from "../../text/catalogue.ts";
import type { Correction, PanelModel } from "../state/contract.ts";
import { FACES, Icon } from "./icons.tsx";
import { LABEL_KEYS, LABELS_SHOWN, LabelWord } from "./labels.tsx";

interface FormProps {
  readonly comment: Comment;
  readonly model: PanelModel;
  readonly onDone: () => void;
}

export function CorrectionForm({ comment, model, onDone }: FormProps) {
  const { t } = model.words.value;
  const correction = model.corrections.value.get(comment.id);
  const now = correction?.label ?? labelName(comment.prediction.label);
  const choose = (label: LabelName) => {
    void correct(model, comment.id, label);
    onDone();
  };
  return (
    <fieldset class="correction-form">
      <legend>{t("correctLegend")}</legend>
      {LABELS_SHOWN.map((label) => (
        <button
          key={label}
          type="button"
          class={`choice ink-${label}`}
          aria-pressed={label === now}
          onClick={leaving(() => choose(label))}
        >
          <Icon paths={FACES[label]} />
          {t(LABEL_KEYS[label])}
        </button>
      ))}
    </fieldset>
  );
}

interface StateProps {
  readonly correction: Correction;
  readonly model: PanelModel;
}

export function CorrectionState({ correction, model }: StateProps) {
  const words = model.words.value;
  const { t } = words;
  const { commentId, label, state } = correction;
  const failure = failureOf(correction, words);
  const undo = () => void takeBack(model, commentId);
  const tryAgain = state === "undoing_failed" ? undo : () => void correct(model, commentId, label);
  return (
    <div class="correction">
      <span class="muted">{t("youSaid")}</span>
      <LabelWord label={label} words={words} />
      {state === "sending" && <span class="muted">{t("correctionSending")}</span>}
      {state === "undoing" && <span class="muted">{t("correctionUndoing")}</span>}
      {failure !== null && (
        <>
          <span class="wrong">{failure}</span>
          <button type="button" class="link" onClick={leaving(tryAgain)}>
            {t("tryAgain")}
          </button>
        </>
      )}
      {(state === "stored" || state === "storing_failed") && (
        <button type="button" class="link" onClick={leaving(undo)}>
          {t("undo")}
        </button>
      )}
    </div>
  );
}

/** What a button does that vanishes by it: its comment gets the focus, or the viewer's place is lost. */
function leaving(act: () => void) {
  return ({ currentTarget }: { readonly currentTarget: HTMLElement }) => {
    currentTarget.closest("article")?.focus({ preventScroll: true });
    act();
  };
}

async function correct(model: PanelModel, commentId: string, label: LabelName): Promise<void> {
  await model.correct(commentId, label);
  announceOutcome(model, commentId);
}

async function takeBack(model: PanelModel, commentId: string): Promise<void> {
  // It also vanishes when another server is asked: that takes nothing back.
  if (await model.undoCorrection(commentId)) model.announce(model.words.value.t("undone"));
  else announceOutcome(model, commentId);
}

/** Say what became of a wish. While a later one is under way, that one will have the word. */
function announceOutcome(model: PanelModel, commentId: string): void {
  const correction = model.corrections.value.get(commentId);
  const words = model.words.value;
  if (correction === undefined) return;
  const failure = failureOf(correction, words);
  if (failure !== null) model.announce(failure);
  if (correction.state !== "stored") return;
  model.announce(words.t("corrected", { label: words.t(LABEL_KEYS[correction.label]) }));
}

function failureOf({ state, problem }: Correction, words: Catalogue): string | null {
  if (state !== "storing_failed" && state !== "undoing_failed") return null;
  const reason = problem === null ? words.t("problemOtherTitle") : problemWords(problem, words).title;
  return words.t(state === "undoing_failed" ? "notTakenBack" : "notStored", { reason });
}
