/**
 * Marks beside the comments on the page: a sign in a shadow root, out of the page's flow.
 *
 * A mark is absolutely positioned at its own place in the text, so that nothing moves. YouTube
 * reuses elements for other comments and loads more: every change of the page is looked at again.
 */

import type { Mark } from "../messages.ts";
import { commentsOnPage } from "./comments.ts";

const TAG = "sentiment-mark";
const LOOK_AGAIN_MS = 200;
/** Told apart by shape, not only by colour. */
const SIGNS = { negative: "−", neutral: "=", positive: "+" } as const;

const STYLE = `
  .sign {
    position: absolute; inset-block-start: 2px; inset-inline-end: 3px;
    inline-size: 15px; block-size: 15px; border-radius: 50%;
    font: bold 13px/15px Roboto, Arial, sans-serif; text-align: center; color: #fff;
  }
  .negative { background: #b3420f } .neutral { background: #5c6670 } .positive { background: #10689b }
  .unsure { border-radius: 3px; outline: 1px dashed; outline-offset: -1px }
`;

export class Marks {
  readonly #document: Document;
  readonly #observer: MutationObserver;
  #marks: ReadonlyMap<string, Mark> = new Map();
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(document: Document) {
    this.#document = document;
    this.#observer = new MutationObserver(() => this.#lookAgainSoon());
  }

  /** Replace all marks. Returns how many comments on the page have one now. */
  show(marks: readonly Mark[]): number {
    this.#marks = new Map(marks.map((mark) => [mark.commentId, mark]));
    this.#observer.observe(this.#document.body, {
      subtree: true,
      childList: true,
      attributeFilter: ["href"],
    });
    return this.#draw();
  }

  hide(): void {
    this.#observer.disconnect();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#marks = new Map();
    for (const mark of this.#document.querySelectorAll(TAG)) mark.remove();
  }

  #lookAgainSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#draw();
    }, LOOK_AGAIN_MS);
  }

  #draw(): number {
    let shown = 0;
    for (const { element, id, textElement } of commentsOnPage(this.#document)) {
      const mark = id === null ? undefined : this.#marks.get(id);
      const place = textElement.closest<HTMLElement>("ytd-expander") ?? textElement;
      const present = element.querySelector<HTMLElement>(TAG);
      const wanted = mark && `${mark.commentId} ${mark.label} ${mark.unsure} ${mark.words}`;
      if (mark) shown += 1;
      if (present?.dataset.mark === wanted) continue;
      present?.remove();
      if (mark && wanted) place.before(this.#make(mark, wanted));
    }
    // Our own changes are no news.
    this.#observer.takeRecords();
    return shown;
  }

  #make(mark: Mark, key: string): HTMLElement {
    const host = this.#document.createElement(TAG);
    host.dataset.mark = key;
    // Important, so that no rule of the page can put it back into the flow.
    for (const [name, value] of [
      ["all", "initial"],
      ["position", "absolute"],
      ["inline-size", "0"],
      ["block-size", "0"],
    ] as const) {
      host.style.setProperty(name, value, "important");
    }
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    const sign = this.#document.createElement("span");
    sign.className = `sign ${mark.label}${mark.unsure ? " unsure" : ""}`;
    sign.textContent = SIGNS[mark.label];
    sign.title = mark.words;
    sign.setAttribute("role", "img");
    sign.setAttribute("aria-label", mark.words);
    root.append(sign);
    return host;
  }
}
