/** Brings a comment into view and draws the eye to it, without touching the page's layout. */

import { findComment } from "./comments.ts";

const SHOWN_MS = 2_500;

/** Scroll to a comment that is on the page. Returns false when it is not loaded. */
export function showComment(root: ParentNode, commentId: string): boolean {
  const element = findComment(root, commentId);
  if (element === null) return false;
  const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block: "center", behavior: isCalm ? "auto" : "smooth" });
  // An outline takes no room, and an animation leaves nothing behind.
  const outline = "3px solid #2f7de1";
  element.animate(
    [
      { outline, outlineOffset: "4px", offset: 0 },
      { outline, outlineOffset: "4px", offset: 0.8 },
      { outline: "3px solid transparent", outlineOffset: "4px", offset: 1 },
    ],
    { duration: SHOWN_MS },
  );
  return true;
}
