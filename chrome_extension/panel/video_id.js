/** Finds the video that a YouTube page shows. Knows addresses only, no DOM and no Chrome. */

const VIDEO_ID = /^[A-Za-z0-9_-]{11}$/;

/**
 * Return the id of the video that a tab shows, or null if it shows none.
 *
 * Knows `/watch?v=ID`, `/shorts/ID` and `/live/ID`.
 *
 * @param {string | undefined} address
 * @returns {string | null}
 */
export function videoIdOfPage(address) {
  if (address === undefined || !URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.origin !== "https://www.youtube.com") return null;
  const [kind, id] = url.pathname.split("/").slice(1);
  const candidate = kind === "watch" ? url.searchParams.get("v") : id;
  if (kind !== "watch" && kind !== "shorts" && kind !== "live") return null;
  return candidate && VIDEO_ID.test(candidate) ? candidate : null;
}
