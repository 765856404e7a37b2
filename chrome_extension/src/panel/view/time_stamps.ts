/** Finds time stamps such as 1:02:03 in a comment's text. Text in, pieces of text out. */

export interface Piece {
  readonly text: string;
  /** Where the player goes; null for plain text. */
  readonly seconds: number | null;
}

/** Hours are optional; minutes go to 99 without them, to 59 with them. Not inside longer numbers. */
const STAMP = /(?<![\d:.,/-])(?:(\d{1,2}):([0-5]\d)|(\d{1,2})):([0-5]\d)(?![\d:])/g;
const LONGEST_S = 24 * 3_600;

/** Cut a text into plain pieces and time stamps; joined again, they are the text. */
export function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of text.matchAll(STAMP)) {
    const [stamp, hours = "0", minutesOfHour, minutes = "0", seconds = "0"] = found;
    const at = Number(hours) * 3_600 + Number(minutesOfHour ?? minutes) * 60 + Number(seconds);
    if (at >= LONGEST_S) continue;
    if (found.index > from) pieces.push({ text: text.slice(from, found.index), seconds: null });
    pieces.push({ text: stamp, seconds: at });
    from = found.index + stamp.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), seconds: null });
  return pieces;
}
