/** Finds words in comments as a reader would: whatever the case, the accents, the unseen. */

/** What stands for an apostrophe, as `sentiment/analysis/wording.py` has it: its words are searched. */
const APOSTROPHES = /[\u2018\u2019\u02bc\u00b4]/g;
/**
 * Marks above and below letters of Latin, Greek, Cyrillic, Hebrew and Arabic, and around signs.
 * Not all of `\p{M}`: in the scripts of India and in Japanese, marks make other words.
 */
const ACCENTS =
  /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/g;
/** Zero-width and bidi controls, soft hyphens, emoji's variation selectors. */
const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu;
/** All but a single space, which is what is put there. */
const SPACES = / \s+|[^\S ]\s*/g;
const NOT_PLAIN = /[^\x20-\x7e]/;
const DOUBLE_SPACE = "  ";

/** Return a text in the form in which texts are compared. */
export function folded(text: string): string {
  // Most comments are plain, and thousands are folded when the first letter is typed.
  if (!NOT_PLAIN.test(text) && !text.includes(DOUBLE_SPACE)) return text.toUpperCase().trim();
  return (
    text
      // Before an accent that stands alone becomes a space with one above.
      .replace(APOSTROPHES, "'")
      .normalize("NFKD")
      .replace(ACCENTS, "")
      .replace(UNSEEN, "")
      // Upper case folds more than lower case does: ß and ss, σ and ς.
      .toUpperCase()
      .replace(SPACES, " ")
      .trim()
      // Puts together again what is one letter, such as Japanese and Korean ones.
      .normalize("NFC")
  );
}

/** Remembers the folded form of each comment, for as long as the comment lives. */
export class FoldedTexts {
  readonly #known = new WeakMap<object, string>();

  of(comment: { readonly text: string }): string {
    const known = this.#known.get(comment);
    if (known !== undefined) return known;
    const text = folded(comment.text);
    this.#known.set(comment, text);
    return text;
  }
}
