/** A comment's text, untrusted: text nodes, and buttons for the time stamps in it. */

import type { Catalogue } from "../../text/catalogue.ts";
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
/** As much of a folded text as could ever be seen. */
const FOLDED_CHARACTERS = 500;
/** Nothing to be seen: spaces, zero-width and control characters, lone marks. */
const UNSEEN_ONLY = /^[\s\p{C}\p{M}\p{Default_Ignorable_Code_Point}]*$/u;

export function CommentText({ text, words: { t }, isOpen, onToggle, seek }: Props) {
  if (UNSEEN_ONLY.test(text)) return <p class="comment-text muted">{t("noVisibleWords")}</p>;
  const isLong = text.length > LONG_CHARACTERS || text.split("\n", LONG_LINES + 1).length > LONG_LINES;
  const isFolded = isLong && !isOpen;
  const drawn = isFolded ? cut(text, FOLDED_CHARACTERS) : text;
  return (
    <>
      <p class={isFolded ? "comment-text folded" : "comment-text"} dir="auto">
        {piecesOf(drawn).map(({ text: piece, seconds }, at) =>
          seconds === null ? (
            piece
          ) : (
            <button
              key={at}
              type="button"
              class="stamp"
              dir="ltr"
              title={t("seekTo", { time: piece })}
              onClick={() => void seek(seconds)}
            >
              {piece}
            </button>
          ),
        )}
      </p>
      {isLong && (
        <button type="button" class="link" aria-expanded={isOpen} onClick={onToggle}>
          {t(isOpen ? "showLess" : "showAllOfIt")}
        </button>
      )}
    </>
  );
}

/** Cut without splitting a character that takes two units. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const code = text.charCodeAt(most - 1);
  return text.slice(0, code >= 0xd800 && code <= 0xdbff ? most - 1 : most);
}
