/** How many time stamps of a folded text are in sight: a clipped one would take the focus unseen. */

import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

/** Names the elements that are counted. */
export const STAMP_CLASS = "stamp";

/**
 * Count the stamps at a text's beginning that are in sight, anew when its size changes.
 *
 * @param element holds the text and its stamps
 * @param text what is drawn in it
 */
export function useStampsSeen(element: RefObject<HTMLElement>, text: string, isFolded: boolean): number {
  const [seen, setSeen] = useState(Infinity);
  useLayoutEffect(() => {
    const folded = element.current;
    if (!isFolded || folded === null) return undefined;
    // It calls at once, too, before anything is painted.
    const observer = new ResizeObserver(() => setSeen(stampsSeen(folded)));
    observer.observe(folded);
    return () => observer.disconnect();
  }, [text, isFolded]);
  return isFolded ? seen : Infinity;
}

function stampsSeen(folded: HTMLElement): number {
  if (folded.scrollHeight <= folded.clientHeight) return Infinity;
  const { bottom } = folded.getBoundingClientRect();
  const stamps = [...folded.querySelectorAll(`.${STAMP_CLASS}`)];
  const first = stamps.findIndex((stamp) => {
    const box = stamp.getBoundingClientRect();
    // One in the last line counts as hidden: "…" may stand in its place.
    return box.bottom + box.height / 2 > bottom;
  });
  return first === -1 ? Infinity : first;
}
