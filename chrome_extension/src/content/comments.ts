/**
 * Finds the comments that are loaded on a YouTube page. Reads text and ids, never an author.
 *
 * The names of elements are YouTube's and change now and then: each has its older form beside it.
 */

import * as v from "valibot";

import { CommentIdSchema, type LoadedComment } from "../messages.ts";
import { videoIdOfPage } from "../page/video_id.ts";

const COMMENT = "ytd-comment-view-model, ytd-comment-renderer";
const TEXT = "#content-text";
const PERMALINK = 'a[href*="lc="]';
const LONGEST_TEXT_CHARACTERS = 20_000;
const MOST_COMMENTS = 10_000;

export interface CommentOnPage {
  readonly element: HTMLElement;
  /** Null where YouTube shows no link to the comment. */
  readonly id: string | null;
  /** Whose comment it is; null where its link does not say so. */
  readonly videoId: string | null;
  readonly textElement: HTMLElement;
}

/** Return the comments below `root` in the page's order. */
export function commentsOnPage(root: ParentNode): CommentOnPage[] {
  const found: CommentOnPage[] = [];
  for (const element of root.querySelectorAll<HTMLElement>(COMMENT)) {
    const textElement = element.querySelector<HTMLElement>(TEXT);
    if (textElement === null || element.closest("[hidden]")) continue;
    found.push({ element, ...linkOf(element), textElement });
    if (found.length === MOST_COMMENTS) break;
  }
  return found;
}

/**
 * Return text and id of each loaded comment that has words; one that stands twice comes once.
 *
 * @param video the one that the page shows; null takes any. After its in-page navigation YouTube
 *     leaves the comments of the video before for a while.
 */
export function readLoadedComments(root: ParentNode, video: string | null): LoadedComment[] {
  const seen = new Set<string>();
  return commentsOnPage(root).flatMap(({ id, videoId, textElement }) => {
    if (video !== null && videoId !== null && videoId !== video) return [];
    const text = textOf(textElement).trim().slice(0, LONGEST_TEXT_CHARACTERS);
    if (text === "" || (id !== null && seen.has(id))) return [];
    if (id !== null) seen.add(id);
    return [{ id, text }];
  });
}

export function findComment(root: ParentNode, commentId: string): HTMLElement | null {
  return commentsOnPage(root).find(({ id }) => id === commentId)?.element ?? null;
}

function linkOf(element: HTMLElement): Pick<CommentOnPage, "id" | "videoId"> {
  const link = element.querySelector<HTMLAnchorElement>(PERMALINK)?.getAttribute("href");
  const address = `https://www.youtube.com${link ?? ""}`;
  if (!link?.startsWith("/") || !URL.canParse(address)) {
    return { id: null, videoId: null };
  }
  const id = v.safeParse(CommentIdSchema, new URL(address).searchParams.get("lc"));
  return { id: id.success ? id.output : null, videoId: videoIdOfPage(address) };
}

/** Text with emoji: YouTube draws those as images whose `alt` is the character. */
function textOf(node: Node): string {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? "";
  if (node instanceof HTMLImageElement) return node.alt;
  if (node instanceof HTMLBRElement) return "\n";
  return [...node.childNodes].map(textOf).join("");
}
