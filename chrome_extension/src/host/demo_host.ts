/** The panel's surroundings on the demo page: the stand-in watch page beside it. */

import { readLoadedComments } from "../content/comments.ts";
import { showComment } from "../content/highlight.ts";
import { Marks } from "../content/marks.ts";
import type { WatchPage } from "../demo/watch_page.ts";
import type { LoadedComment, Mark } from "../messages.ts";
import type { Host, JumpOutcome, KnownComment, Unsubscribe } from "./host.ts";
import { WebStore } from "./web_store.ts";

export class DemoHost implements Host {
  readonly kind = "demo";
  readonly fixedServer = window.location.origin;
  readonly settings = new WebStore(window.localStorage);
  readonly session = new WebStore(window.sessionStorage);
  readonly #page: WatchPage;
  readonly #marks = new Marks(document);
  readonly #title = document.title;
  readonly #listeners = new Set<(videoId: string | null) => void>();
  #video: string | null = null;

  constructor(page: WatchPage) {
    this.#page = page;
  }

  /** Open a video on the stand-in page, as a click on YouTube would; the same one again counts. */
  open(video: string): void {
    this.#video = video;
    this.#page.open(video);
    for (const listener of this.#listeners) listener(video);
  }

  currentVideo(): Promise<string | null> {
    return Promise.resolve(this.#video);
  }

  onVideoChange(listener: (videoId: string | null) => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  onPageReady(): Unsubscribe {
    // The stand-in page is never without its panel.
    return () => undefined;
  }

  seek(seconds: number): Promise<boolean> {
    this.#page.seek(seconds);
    return Promise.resolve(true);
  }

  jumpToComment(commentId: string): Promise<JumpOutcome> {
    return Promise.resolve(showComment(this.#page.root, commentId) ? "shown" : "unreachable");
  }

  readLoadedComments(): Promise<readonly LoadedComment[]> {
    return Promise.resolve(readLoadedComments(this.#page.root, null));
  }

  showMarks(marks: readonly Mark[]): Promise<void> {
    this.#marks.show(marks);
    return Promise.resolve();
  }

  hideMarks(): Promise<void> {
    this.#marks.hide();
    return Promise.resolve();
  }

  commentsKnown(comments: readonly KnownComment[]): void {
    this.#page.showComments(comments);
  }

  requestServerPermission(origin: string): Promise<boolean> {
    return Promise.resolve(origin === this.fixedServer);
  }

  hasServerPermission(origin: string): Promise<boolean> {
    return Promise.resolve(origin === this.fixedServer);
  }

  openSettings(): void {
    window.location.assign("/demo/settings.html");
  }

  notify(words: string | null): Promise<void> {
    document.title = words === null ? this.#title : `(!) ${this.#title}`;
    return Promise.resolve();
  }
}
