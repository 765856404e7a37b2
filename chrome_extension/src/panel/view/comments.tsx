/** The list of comments with its filter. Comment text is untrusted: Preact makes text nodes only. */

import { useEffect, useRef, useState } from "preact/hooks";

import { labelName, type Comment, type LabelName } from "../../service/wire.ts";
import type { Catalogue, MessageKey } from "../../text/catalogue.ts";
import { Icon, LEFT_OUT } from "./icons.tsx";
import { LabelWord } from "./summary.tsx";

type Chosen = "all" | LabelName | "left_out";

const PAGE_SIZE = 50;
const LONG_TEXT_CHARACTERS = 420;
const FILTERS = {
  all: "filterAll",
  positive: "labelPositive",
  neutral: "labelNeutral",
  negative: "labelNegative",
  left_out: "filterLeftOut",
} as const satisfies Record<Chosen, MessageKey>;

interface Props {
  readonly comments: readonly Comment[];
  readonly words: Catalogue;
  readonly announce: (sentence: string) => void;
}

export function CommentsCard({ comments, words, announce }: Props) {
  const [chosen, setChosen] = useState<Chosen>("all");
  const [room, setRoom] = useState(PAGE_SIZE);
  const list = useRef<HTMLOListElement>(null);
  const focusAt = useRef<number | null>(null);
  useEffect(() => {
    // The button may have vanished under the focus: go on where the new comments start.
    const first = focusAt.current === null ? null : list.current?.children[focusAt.current];
    focusAt.current = null;
    if (first instanceof HTMLElement) first.focus();
  }, [room]);
  const { t } = words;
  const passing = comments.filter((comment) => passes(comment, chosen));
  const left = passing.length - Math.min(room, passing.length);
  return (
    <section class="card" aria-label={t("comments")}>
      <h3>{t("comments")}</h3>
      <fieldset class="filters">
        <legend class="hidden">{t("filterLegend")}</legend>
        {(Object.keys(FILTERS) as Chosen[]).map((filter) => {
          const count = comments.filter((comment) => passes(comment, filter)).length;
          if (count === 0 && filter === "left_out") return null;
          const choose = () => {
            setChosen(filter);
            setRoom(PAGE_SIZE);
            announce(t("shown", { count }));
          };
          return (
            <label key={filter} class="chip">
              <input type="radio" name="filter" checked={chosen === filter} onChange={choose} />
              <span>{t(FILTERS[filter])}</span>
              <small>{words.integer(count)}</small>
            </label>
          );
        })}
      </fieldset>
      <ol class="comments" ref={list}>
        {passing.slice(0, room).map((comment, at) => (
          <CommentItem key={comment.id || at} comment={comment} words={words} />
        ))}
      </ol>
      {left > 0 && (
        <button
          type="button"
          class="button wide"
          onClick={() => {
            focusAt.current = room;
            setRoom(room + PAGE_SIZE);
          }}
        >
          {t("showMore", { some: Math.min(left, PAGE_SIZE), left })}
        </button>
      )}
    </section>
  );
}

function passes(comment: Comment, filter: Chosen): boolean {
  if (filter === "all") return true;
  if (isLeftOut(comment)) return filter === "left_out";
  return labelName(comment.prediction.label) === filter;
}

function isLeftOut({ prediction: { status } }: Comment): boolean {
  return status === "empty" || status === "not_english";
}

function CommentItem({ comment, words }: { comment: Comment; words: Catalogue }) {
  const { t } = words;
  const { prediction, like_count: likes, published_at: publishedAt } = comment;
  const leftOut = isLeftOut(comment);
  return (
    <li class="comment" tabIndex={-1}>
      <div class="comment-head">
        {leftOut ? (
          <span class="label muted">
            <Icon paths={LEFT_OUT} />
            <span>{t(prediction.status === "empty" ? "noWords" : "notEnglish")}</span>
          </span>
        ) : (
          <LabelWord label={labelName(prediction.label)} words={words} />
        )}
        {!leftOut && prediction.confidence !== null && (
          <span class="muted">{t("sure", { percent: words.percent(prediction.confidence) })}</span>
        )}
        {prediction.status === "unsure" && <span class="tag">{t("unsure")}</span>}
      </div>
      <CommentText text={comment.text} words={words} />
      <div class="comment-facts muted">
        {comment.parent_id !== null && <span>{t("reply")}</span>}
        {likes !== null && (
          <span>{t("likes", { count: likes, compact: words.compact(likes) })}</span>
        )}
        {publishedAt !== null && (
          <time dateTime={publishedAt}>{words.day(new Date(publishedAt))}</time>
        )}
      </div>
    </li>
  );
}

/** The text, and a button to unfold a long one. */
function CommentText({ text, words: { t } }: { text: string; words: Catalogue }) {
  const [folded, setFolded] = useState(true);
  const isLong = text.length > LONG_TEXT_CHARACTERS;
  return (
    <>
      <p class={isLong && folded ? "comment-text folded" : "comment-text"} dir="auto">
        {text}
      </p>
      {isLong && (
        <button
          type="button"
          class="link"
          aria-expanded={!folded}
          onClick={() => setFolded(!folded)}
        >
          {t(folded ? "showAllOfIt" : "showLess")}
        </button>
      )}
    </>
  );
}
