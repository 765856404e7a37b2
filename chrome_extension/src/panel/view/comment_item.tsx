/** One comment of the list: its label, its text, its facts, and what can be done with it. */

import { labelName, type Comment } from "../../service/wire.ts";
import type { Catalogue } from "../../text/catalogue.ts";
import type { PanelModel } from "../state/contract.ts";
import { CommentText } from "./comment_text.tsx";
import { CorrectionForm, CorrectionState } from "./correction.tsx";
import { Icon, INTENT_ICONS, LEFT_OUT, PENCIL, REPLY, THUMB } from "./icons.tsx";
import { JumpButton } from "./jump_button.tsx";
import { INTENT_KEYS, LabelWord } from "./labels.tsx";

interface Props {
  readonly comment: Comment;
  readonly index: number;
  readonly count: number;
  readonly model: PanelModel;
  /** What is unfolded: `text KEY` and `form KEY`. */
  readonly opened: ReadonlySet<string>;
  readonly onToggle: (what: string) => void;
  readonly offsetPx: number;
  readonly measure: (element: HTMLElement | null) => void;
}

export function CommentItem(props: Props) {
  const { comment, index, count, model, opened, onToggle, offsetPx, measure } = props;
  const words = model.words.value;
  const { t } = words;
  const key = comment.id || String(index);
  const [textKey, formKey] = [`text ${key}`, `form ${key}`];
  // The service takes corrections of comments that it keeps; it keeps none that the page sent.
  const isKept = model.source.value === "service";
  const isFormOpen = isKept && opened.has(formKey);
  const correction = model.corrections.value.get(comment.id);
  return (
    <article
      class="comment"
      tabIndex={0}
      aria-posinset={index + 1}
      aria-setsize={count}
      aria-label={t("commentAt", { at: index + 1, count })}
      data-index={index}
      ref={measure}
      style={{ transform: `translateY(${offsetPx}px)` }}
    >
      <CommentHead comment={comment} words={words} />
      <CommentText
        text={comment.text}
        words={words}
        isOpen={opened.has(textKey)}
        onToggle={() => onToggle(textKey)}
        seek={model.seek}
      />
      <div class="comment-line">
        <CommentFacts comment={comment} words={words} />
        {comment.id !== "" && (
          <div class="comment-foot">
            <JumpButton model={model} commentId={comment.id} />
            {isKept && (
              <button
                type="button"
                class="quiet"
                aria-expanded={isFormOpen}
                onClick={() => onToggle(formKey)}
              >
                <Icon paths={PENCIL} />
                {t("correct")}
              </button>
            )}
          </div>
        )}
      </div>
      {correction && <CorrectionState correction={correction} model={model} />}
      {isFormOpen && (
        <CorrectionForm comment={comment} model={model} onDone={() => onToggle(formKey)} />
      )}
    </article>
  );
}

interface PartProps {
  readonly comment: Comment;
  readonly words: Catalogue;
}

function CommentHead({ comment, words }: PartProps) {
  const { t } = words;
  const { prediction, intents, parent_id: parent } = comment;
  const { status, confidence } = prediction;
  const reply = parent !== null && (
    <span class="tag">
      <Icon paths={REPLY} turns />
      {t("reply")}
    </span>
  );
  if (status === "empty" || status === "not_english") {
    return (
      <div class="comment-head">
        <span class="label muted">
          <Icon paths={LEFT_OUT} />
          <span>{t(status === "empty" ? "noWords" : "notEnglish")}</span>
        </span>
        {reply}
      </div>
    );
  }
  return (
    <div class="comment-head">
      <LabelWord label={labelName(prediction.label)} words={words} />
      {confidence !== null && (
        <span class="muted">{t("sure", { percent: words.percent(confidence) })}</span>
      )}
      {status === "unsure" && <span class="tag tag-unsure">{t("unsure")}</span>}
      {reply}
      {intents.map((intent) => (
        <span key={intent} class="tag">
          <Icon paths={INTENT_ICONS[intent]} />
          {t(INTENT_KEYS[intent])}
        </span>
      ))}
    </div>
  );
}

function CommentFacts({ comment, words }: PartProps) {
  const { like_count: likes, published_at: publishedAt } = comment;
  return (
    <div class="comment-facts">
      {likes !== null && (
        <span class="fact">
          <Icon paths={THUMB} />
          <span aria-hidden="true">{words.compact(likes)}</span>
          <span class="hidden">
            {words.t("likes", { count: likes, compact: words.compact(likes) })}
          </span>
        </span>
      )}
      {publishedAt !== null && (
        <time class="fact" dateTime={publishedAt}>
          {words.day(new Date(publishedAt))}
        </time>
      )}
    </div>
  );
}
