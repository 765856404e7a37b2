/**
 * What surrounds the panel: Chrome with a YouTube tab, or the demo page with a stand-in.
 *
 * The panel knows only this interface, so that the same code runs in both.
 */

import type { LoadedComment, Mark } from "../messages.ts";

export type { LoadedComment, Mark };
export type Unsubscribe = () => void;

/** Keeps JSON values. What is read was written by any version: check it before use. */
export interface Store {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  remove(key: string): Promise<void>;
  /** Told of changes made anywhere, by this page too; undefined after a removal. */
  onChange(key: string, listener: (value: unknown) => void): Unsubscribe;
}

/** `shown`: scrolled to on the page; `navigated`: the page is loading the comment's address. */
export type JumpOutcome = "shown" | "navigated" | "unreachable";

/** A comment as the service knows it, for a page that has none of its own. */
export interface KnownComment {
  readonly id: string;
  readonly parent_id: string | null;
  readonly text: string;
}

export interface Host {
  readonly kind: "extension" | "demo";
  /** Where a token must not be asked for and no address be set: the page's own service. */
  readonly fixedServer: string | null;
  /** Kept until removed. */
  readonly settings: Store;
  /** Kept while the browser runs; survives the worker's death and a closed panel. */
  readonly session: Store;

  /** Return the id of the video beside the panel; null for a page without one. */
  currentVideo(): Promise<string | null>;
  /** Told of each other video once, also of in-page navigation. */
  onVideoChange(listener: (videoId: string | null) => void): Unsubscribe;
  /**
   * Told each time that the page has something to show anew, of the same video too: after a reload
   * nothing is left of what the panel put there.
   */
  onPageReady(listener: () => void): Unsubscribe;
  /** Move the player; false when there is none. */
  seek(seconds: number): Promise<boolean>;
  jumpToComment(commentId: string): Promise<JumpOutcome>;
  /**
   * Read the comments that are loaded on the page: text and id, no author.
   *
   * @throws Problem `page_unreachable`: the page must be reloaded
   */
  readLoadedComments(): Promise<readonly LoadedComment[]>;
  /** Replace all marks on the page; comments that load later are marked too. */
  showMarks(marks: readonly Mark[]): Promise<void>;
  hideMarks(): Promise<void>;
  /** Told what the service knows; the stand-in page shows these, YouTube needs none. */
  commentsKnown(comments: readonly KnownComment[]): void;
  /** Ask the viewer for leave to talk to a server; must run within a click. */
  requestServerPermission(origin: string): Promise<boolean>;
  hasServerPermission(origin: string): Promise<boolean>;
  openSettings(): void;
  /** Draw attention to the panel from outside of it; null takes that back. */
  notify(words: string | null): Promise<void>;
}
