/**
 * The stand-in watch page: a player without pictures, and comments built as YouTube builds its own.
 *
 * The same functions that work on YouTube's page work on this one, so that reading, jumping and
 * marking can be seen and tested without Chrome's extension loader.
 */

import type { KnownComment } from "../host/host.ts";
import type { Catalogue } from "../text/catalogue.ts";

const LENGTH_S = 600;
/** As many as YouTube loads before one scrolls far. */
const MOST_COMMENTS = 60;

export class WatchPage {
  readonly root: HTMLElement;
  readonly #words: Catalogue;
  readonly #id: HTMLElement;
  readonly #position: HTMLInputElement;
  readonly #time: HTMLOutputElement;
  readonly #list: HTMLElement;
  #shown = "";

  constructor(root: HTMLElement, words: Catalogue, { replayed }: { replayed: boolean }) {
    this.root = root;
    this.#words = words;
    const { t } = words;
    this.#id = make("code", { class: "player-id" });
    this.#position = make("input", {
      type: "range",
      min: "0",
      max: String(LENGTH_S),
      value: "0",
      class: "player-position",
      "aria-label": t("demoSeek"),
    });
    this.#time = make("output", { class: "player-time" });
    this.#list = make("div", { class: "page-comments" });
    const player = make("section", { class: "player", "aria-label": t("demoPlayer") });
    player.append(
      make("p", { class: "player-title" }, t(replayed ? "demoReplayed" : "demoNoPlayer")),
      make("p", { class: "player-text" }, t(replayed ? "demoReplayedText" : "demoNoPlayerText")),
      this.#id,
      this.#position,
      this.#time,
    );
    const comments = make("section", { "aria-label": t("demoComments") });
    comments.append(this.#list);
    root.replaceChildren(player, comments);
    this.#position.addEventListener("input", () => this.#tellTime());
    this.#tellTime();
  }

  /** Show another video: its id, the player at its start, and no comments yet. */
  open(videoId: string): void {
    this.#id.textContent = videoId;
    this.#list.replaceChildren();
    this.#shown = "";
    this.seek(0);
  }

  seek(seconds: number): void {
    this.#position.value = String(Math.min(Math.max(0, seconds), LENGTH_S));
    this.#tellTime();
  }

  get seconds(): number {
    return Number(this.#position.value);
  }

  /** Show comments, the first ones only, as a page does before one scrolls. */
  showComments(comments: readonly KnownComment[]): void {
    const first = comments.slice(0, MOST_COMMENTS);
    const key = first.map(({ id }) => id).join(" ");
    // The model tells of each batch; what stands there already stays.
    if (key === this.#shown) return;
    this.#shown = key;
    this.#list.replaceChildren(...first.map(commentElement));
  }

  #tellTime(): void {
    const whole = Math.floor(this.seconds);
    const time = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
    this.#time.textContent = this.#words.t("demoPosition", { time });
  }
}

function commentElement({ id, parent_id, text }: KnownComment): HTMLElement {
  const comment = make("ytd-comment-view-model", {
    class: parent_id === null ? "page-comment" : "page-comment page-reply",
  });
  const body = make("ytd-expander", { class: "page-comment-body" });
  // The page's own name for it, which is not unique there either.
  body.append(make("p", { id: "content-text", dir: "auto" }, text));
  const link = make("a", { href: `/watch?lc=${encodeURIComponent(id)}`, hidden: "" });
  comment.append(link, body);
  return comment;
}

function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes?: Readonly<Record<string, string>>,
  text?: string,
): HTMLElementTagNameMap[Tag];
function make(
  tag: string,
  attributes?: Readonly<Record<string, string>>,
  text?: string,
): HTMLElement;
function make(
  tag: string,
  attributes: Readonly<Record<string, string>> = {},
  text = "",
): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== "") made.append(text);
  return made;
}
