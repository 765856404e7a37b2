/** Finds and moves the page's player. */

const PLAYERS = [
  "ytd-reel-video-renderer[is-active] video",
  "#shorts-player video",
  "#movie_player video",
  "video",
];

/** Return the video that plays, or null for a page without one. */
export function playerOf(root: ParentNode): HTMLVideoElement | null {
  for (const selector of PLAYERS) {
    const found = root.querySelector<HTMLVideoElement>(selector);
    if (found) return found;
  }
  return null;
}

/** Move the player; past the end it goes to the end. Returns false when there is none. */
export function seek(root: ParentNode, seconds: number): boolean {
  const player = playerOf(root);
  if (player === null) return false;
  player.currentTime = Number.isFinite(player.duration)
    ? Math.min(seconds, player.duration)
    : seconds;
  return true;
}
