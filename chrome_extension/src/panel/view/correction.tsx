/** Says that a label is wrong: which it should be, what became of that, and the way back. */

import { labelName, type Comment, type LabelName } from "../../service/wire.ts";
import { problemWords } from "../../text/problem_words.ts";
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
    void model.correct(comment.id, label);
    model.announce(t("corrected", { label: t(LABEL_KEYS[label]) }));
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
          onClick={() => choose(label)}
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
  const { commentId, label, state, problem } = correction;
  const undo = () => {
    void model.undoCorrection(commentId);
    model.announce(t("undone"));
  };
  return (
    <div class="correction">
      <span class="muted">{t("youSaid")}</span>
      <LabelWord label={label} words={words} />
      {state === "sending" && <span class="muted">{t("correctionSending")}</span>}
      {state === "undoing" && <span class="muted">{t("correctionUndoing")}</span>}
      {state === "failed" && (
        <>
          <span class="wrong">
            {problem === null ? t("correctionFailed") : problemWords(problem, words).title}
          </span>
          <button
            type="button"
            class="link"
            onClick={() => void model.correct(commentId, label)}
          >
            {t("tryAgain")}
          </button>
        </>
      )}
      {(state === "stored" || state === "failed") && (
        <button type="button" class="link" onClick={undo}>
          {t("undo")}
        </button>
      )}
    </div>
  );
}
