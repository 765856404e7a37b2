/** The panel's surroundings in Chrome: one YouTube tab, reached through its content script. */

import {
  readMessage,
  readReply,
  type LoadedComment,
  type Mark,
  type PageReply,
  type PageRequest,
} from "../messages.ts";
import { videoIdOfPage } from "../page/video_id.ts";
import { Problem } from "../service/problem.ts";
import { isLocal } from "../settings/server_address.ts";
import { ChromeStore } from "./chrome_store.ts";
import type { Host, JumpOutcome, Unsubscribe } from "./host.ts";

export class ChromeHost implements Host {
  readonly kind = "extension";
  readonly fixedServer = null;
  readonly settings = new ChromeStore("local");
  readonly session = new ChromeStore("session");
  readonly #tabId: number;

  constructor(tabId: number) {
    this.#tabId = tabId;
  }

  async currentVideo(): Promise<string | null> {
    try {
      return videoIdOfPage((await chrome.tabs.get(this.#tabId)).url);
    } catch (error) {
      console.warn("side panel: its tab is gone:", error);
      return null;
    }
  }

  onVideoChange(listener: (videoId: string | null) => void): Unsubscribe {
    // A tab reports several updates for one page; only another video is news.
    let last: string | null | undefined;
    const tell = (videoId: string | null) => {
      if (videoId === last) return;
      last = videoId;
      listener(videoId);
    };
    const onUpdated = (tabId: number, _change: unknown, tab: chrome.tabs.Tab) => {
      if (tabId === this.#tabId) tell(videoIdOfPage(tab.url));
    };
    chrome.tabs.onUpdated.addListener(onUpdated);
    const endListening = this.#onPageShown(tell);
    return () => {
      chrome.tabs.onUpdated.removeListener(onUpdated);
      endListening();
    };
  }

  onPageReady(listener: () => void): Unsubscribe {
    return this.#onPageShown(() => listener());
  }

  async seek(seconds: number): Promise<boolean> {
    return (await this.#askPage({ kind: "page.seek", seconds }))?.done ?? false;
  }

  async jumpToComment(commentId: string): Promise<JumpOutcome> {
    return (await this.#askPage({ kind: "page.jump", commentId }))?.outcome ?? "unreachable";
  }

  async readLoadedComments(): Promise<readonly LoadedComment[]> {
    const reply = await this.#askPage({ kind: "page.readComments" });
    if (reply === null) throw new Problem("page_unreachable");
    return reply.comments;
  }

  async showMarks(marks: readonly Mark[]): Promise<void> {
    await this.#askPage({ kind: "page.showMarks", marks: [...marks] });
  }

  async hideMarks(): Promise<void> {
    await this.#askPage({ kind: "page.hideMarks" });
  }

  commentsKnown(): void {
    // YouTube's page has comments of its own.
  }

  async requestServerPermission(origin: string): Promise<boolean> {
    return isLocal(origin) || chrome.permissions.request({ origins: [pattern(origin)] });
  }

  async hasServerPermission(origin: string): Promise<boolean> {
    return isLocal(origin) || chrome.permissions.contains({ origins: [pattern(origin)] });
  }

  openSettings(): void {
    void chrome.runtime.openOptionsPage();
  }

  async notify(words: string | null): Promise<void> {
    await chrome.action.setBadgeText({ tabId: this.#tabId, text: words === null ? "" : "!" });
    await chrome.action.setTitle({
      tabId: this.#tabId,
      title: words ?? chrome.i18n.getMessage("extAction"),
    });
  }

  #onPageShown(listener: (videoId: string | null) => void): Unsubscribe {
    const onMessage = (raw: unknown, sender: chrome.runtime.MessageSender) => {
      const message = readMessage(raw);
      if (message?.kind !== "page.shown" || sender.tab?.id !== this.#tabId) return;
      listener(message.videoId);
    };
    chrome.runtime.onMessage.addListener(onMessage);
    return () => chrome.runtime.onMessage.removeListener(onMessage);
  }

  async #askPage<Request extends PageRequest>(
    request: Request,
  ): Promise<PageReply<Request["kind"]> | null> {
    try {
      return readReply(request.kind, await chrome.tabs.sendMessage(this.#tabId, request));
    } catch (error) {
      // Chrome throws when nobody listens: the page was opened before the extension was.
      console.warn("side panel: the page does not answer:", error);
      return null;
    }
  }
}

/** A permission is for a host; Chrome's patterns know no use for a port. */
function pattern(origin: string): string {
  const { protocol, hostname } = new URL(origin);
  return `${protocol}//${hostname}/*`;
}
