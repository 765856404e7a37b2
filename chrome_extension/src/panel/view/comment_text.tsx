/** A comment's text, untrusted: text nodes, and buttons for the time stamps in it. */

import { useRef } from "preact/hooks";

import type { Catalogue } from "../../text/catalogue.ts";
import { STAMP_CLASS, useStampsSeen } from "./stamps_seen.ts";
import { piecesOf } from "./time_stamps.ts";

interface Props {
  readonly text: string;
  readonly words: Catalogue;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly seek: (seconds: number) => Promise<boolean>;
}

/** What five lines can't hold. */
const LONG_CHARACTERS = 240;
const LONG_LINES = 5;
/** More than five lines hold. */
const FOLDED_CHARACTERS = 500;
/** Nothing to be seen: spaces, zero-width and control characters, lone marks. */
const UNSEEN_ONLY = /^[\s\p{C}\p{M}\p{Default_Ignorable_Code_Point}]*$/u;

export function CommentText({ text, words, isOpen, onToggle, seek }: Props) {
  const { t } = words;
  if (UNSEEN_ONLY.test(text)) return <p class="comment-text muted">{t("noVisibleWords")}</p>;
  const isLong = text.length > LONG_CHARACTERS || text.split("\n", LONG_LINES + 1).length > LONG_LINES;
  const isFolded = isLong && !isOpen;
  return (
    <>
      <Pieces text={isFolded ? beginningOf(text) : text} words={words} isFolded={isFolded} seek={seek} />
      {isLong && (
        <button type="button" class="link" aria-expanded={isOpen} onClick={onToggle}>
          {t(isOpen ? "showLess" : "showAllOfIt")}
        </button>
      )}
    </>
  );
}

interface PiecesProps extends Pick<Props, "text" | "words" | "seek"> {
  readonly isFolded: boolean;
}

function Pieces({ text, words: { t }, isFolded, seek }: PiecesProps) {
  const element = useRef<HTMLParagraphElement>(null);
  const seen = useStampsSeen(element, text, isFolded);
  let stamps = 0;
  return (
    <p class={isFolded ? "comment-text folded" : "comment-text"} dir="auto" ref={element}>
      {piecesOf(text).map(({ text: piece, seconds }, at) => {
        if (seconds === null) return piece;
        stamps += 1;
        // As wide as a button: what is in sight doesn't depend on which of the two it is.
        if (stamps > seen) {
          return (
            <span key={at} class={`${STAMP_CLASS} unseen`} dir="ltr">
              {piece}
            </span>
          );
        }
        return (
          <button
            key={at}
            type="button"
            class={STAMP_CLASS}
            dir="ltr"
            title={t("seekTo", { time: piece })}
            onClick={() => void seek(seconds)}
          >
            {piece}
          </button>
        );
      })}
    </p>
  );
}

/** What of a long text could ever be seen while it is folded. */
function beginningOf(text: string): string {
  const beginning = cut(text.split("\n", LONG_LINES).join("\n"), FOLDED_CHARACTERS);
  return `${beginning}…`;
}

/** Cut without splitting a character that takes two units. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const code = text.charCodeAt(most - 1);
  return text.slice(0, code >= 0xd800 && code <= 0xdbff ? most - 1 : most);
}
