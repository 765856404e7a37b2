import { beforeEach, expect, it, vi } from "vitest";

import { WatchPage } from "../demo/watch_page.ts";
import { catalogue } from "../text/catalogue.ts";
import { DemoHost } from "./demo_host.ts";

const COMMENTS = [
  { id: "Ugx1", parent_id: null, text: "<img src=x onerror=alert(1)> hello" },
  { id: "Ugx1.9a", parent_id: "Ugx1", text: "a reply" },
];

let page: WatchPage;
let host: DemoHost;

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  document.body.replaceChildren(document.createElement("div"));
  page = new WatchPage(document.body.firstElementChild as HTMLElement, catalogue("en"), {
    replayed: true,
  });
  host = new DemoHost(page);
});

it("tells of each video that is opened, the same one again, too", async () => {
  const heard: (string | null)[] = [];
  const end = host.onVideoChange((video) => heard.push(video));
  host.open("a");
  host.open("a");
  end();
  host.open("b");
  expect(heard).toEqual(["a", "a"]);
  expect(await host.currentVideo()).toBe("b");
});

it("moves the stand-in player, and back to the start for another video", async () => {
  expect(await host.seek(75)).toBe(true);
  expect(page.seconds).toBe(75);
  expect(document.querySelector("output")?.textContent).toBe("Player at 1:15");
  host.open("b");
  expect(page.seconds).toBe(0);
});

it("reads back the comments that the service knows, their markup as text", async () => {
  host.commentsKnown(COMMENTS);
  expect(await host.readLoadedComments()).toEqual(COMMENTS.map(({ id, text }) => ({ id, text })));
  expect(document.querySelector("img")).toBeNull();
});

it("jumps to comments that are on the page", async () => {
  host.commentsKnown(COMMENTS);
  const scrolled = vi.fn();
  const animated = vi.fn();
  for (const comment of document.querySelectorAll("ytd-comment-view-model")) {
    Object.assign(comment, { scrollIntoView: scrolled, animate: animated });
  }
  expect(await host.jumpToComment("Ugx1.9a")).toBe("shown");
  expect(await host.jumpToComment("Ugx2")).toBe("unreachable");
  expect([scrolled.mock.calls.length, animated.mock.calls.length]).toEqual([1, 1]);
});

it("marks comments, and takes the marks away", async () => {
  host.commentsKnown(COMMENTS);
  const words = "Positive, 90% sure";
  await host.showMarks([{ commentId: "Ugx1", label: "positive", unsure: false, words }]);
  const marks = document.querySelectorAll("sentiment-mark");
  expect(marks).toHaveLength(1);
  expect(marks[0]?.shadowRoot?.querySelector("[role=img]")?.getAttribute("aria-label")).toBe(words);
  await host.hideMarks();
  expect(document.querySelector("sentiment-mark")).toBeNull();
});

it("keeps settings and tells who listens", async () => {
  const heard: unknown[] = [];
  host.settings.onChange("a", (value) => heard.push(value));
  await host.settings.set("a", { b: 1 });
  expect(await host.settings.get("a")).toEqual({ b: 1 });
  await host.settings.remove("a");
  expect(await host.settings.get("a")).toBeUndefined();
  expect(heard).toEqual([{ b: 1 }, undefined]);
});

it("knows no other server than its own", async () => {
  expect(await host.hasServerPermission("https://example.org")).toBe(false);
  expect(await host.requestServerPermission(host.fixedServer)).toBe(true);
});
