/** Finds the video that a YouTube page shows. Knows addresses only, no DOM and no Chrome. */

const VIDEO_ID = /^[A-Za-z0-9_-]{11}$/;

/**
 * Return the id of the video that a tab shows, or null if it shows none.
 *
 * Knows `/watch?v=ID`, `/shorts/ID` and `/live/ID` on www.youtube.com.
 *
 * @param address undefined for pages whose address we may not see
 */
export function videoIdOfPage(address: string | undefined): string | null {
  if (address === undefined || !URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.origin !== "https://www.youtube.com") return null;
  const [kind, id] = url.pathname.split("/").slice(1);
  if (kind !== "watch" && kind !== "shorts" && kind !== "live") return null;
  const candidate = kind === "watch" ? url.searchParams.get("v") : id;
  return candidate && VIDEO_ID.test(candidate) ? candidate : null;
}

/** Return the address of a comment on its video's page. */
export function commentAddress(videoId: string, commentId: string, seconds = 0): string {
  const url = new URL("https://www.youtube.com/watch");
  url.searchParams.set("v", videoId);
  url.searchParams.set("lc", commentId);
  if (seconds >= 1) url.searchParams.set("t", `${Math.floor(seconds)}s`);
  return url.href;
}
