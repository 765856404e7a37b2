/** What runs in YouTube's pages: answers the panel, and tells which video is shown. */

import { readMessage, type Message, type PageReply, type PageRequest } from "../messages.ts";
import { commentAddress, videoIdOfPage } from "../page/video_id.ts";
import { readLoadedComments } from "./comments.ts";
import { showComment } from "./highlight.ts";
import { Marks } from "./marks.ts";
import { playerOf, seek } from "./player.ts";

const NAVIGATED = "yt-navigate-finish";
/** The reply has to leave before the page does. */
const LEAVE_AFTER_MS = 50;

const marks = new Marks(document);

function currentVideo(): string | null {
  return videoIdOfPage(window.location.href);
}

function answer(request: PageRequest): PageReply<PageRequest["kind"]> {
  switch (request.kind) {
    case "page.ping":
      return {
        videoId: currentVideo(),
        darkPage: document.documentElement.hasAttribute("dark"),
      };
    case "page.seek":
      return { done: seek(document, request.seconds) };
    case "page.jump":
      return { outcome: jump(request.commentId) };
    case "page.readComments":
      return { comments: readLoadedComments(document, currentVideo()) };
    case "page.showMarks":
      return { shown: marks.show(request.marks) };
    case "page.hideMarks":
      marks.hide();
      return { done: true };
  }
}

/** Scroll to a comment; one that is not loaded has an address at which YouTube puts it first. */
function jump(commentId: string): PageReply<"page.jump">["outcome"] {
  if (showComment(document, commentId)) return "shown";
  const videoId = currentVideo();
  if (videoId === null) return "unreachable";
  const address = commentAddress(videoId, commentId, playerOf(document)?.currentTime);
  setTimeout(() => window.location.assign(address), LEAVE_AFTER_MS);
  return "navigated";
}

function tell(): void {
  // After an update of the extension this script is an orphan: leave the page to the new one.
  if (chrome.runtime?.id === undefined) {
    document.removeEventListener(NAVIGATED, tell);
    marks.hide();
    return;
  }
  const message: Message = { kind: "page.shown", videoId: currentVideo() };
  // Nobody may be awake to hear it; the worker and the panels look at the tab, too.
  chrome.runtime.sendMessage(message).catch(() => undefined);
}

chrome.runtime.onMessage.addListener((raw: unknown, sender, reply: (value: unknown) => void) => {
  const message = readMessage(raw);
  if (message === null || message.kind === "page.shown" || sender.id !== chrome.runtime.id) return;
  reply(answer(message));
});
document.addEventListener(NAVIGATED, tell);
tell();
