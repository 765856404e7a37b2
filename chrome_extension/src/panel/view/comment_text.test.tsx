import { expect, it, vi } from "vitest";

import { catalogue } from "../../text/catalogue.ts";
import { CommentText } from "./comment_text.tsx";
import { button, draw, press } from "./drawing.ts";
import { HOSTILE_TEXTS } from "./sample_data.ts";

const words = catalogue("en");

async function shown(text: string, isOpen = false) {
  const seek = vi.fn(async () => true);
  const toggle = vi.fn();
  const root = await draw(
    <CommentText text={text} words={words} isOpen={isOpen} onToggle={toggle} seek={seek} />,
  );
  return { root, seek, toggle };
}

it.each(HOSTILE_TEXTS)("makes nothing but text and our own buttons of %.30j", async (text) => {
  const { root } = await shown(text, true);
  const names = new Set([...root.querySelectorAll("*")].map(({ localName }) => localName));
  expect([...names].filter((name) => name !== "p" && name !== "button")).toEqual([]);
});

it("says so when there is nothing to be seen", async () => {
  const { root } = await shown("\u200B\u2060 \uFEFF");
  expect(root.textContent).toBe("No visible words");
});

it("moves the player at the press of a time stamp", async () => {
  const { root, seek } = await shown("see 1:05");
  await press(button(root, "1:05"));
  expect(seek).toHaveBeenCalledWith(65);
});

it("draws only the beginning of a folded text", async () => {
  const { root, toggle } = await shown("a".repeat(10_000));
  expect(root.querySelector("p")?.textContent).toBe(`${"a".repeat(500)}…`);
  const more = button(root, "Show all of it");
  expect(more.getAttribute("aria-expanded")).toBe("false");
  await press(more);
  expect(toggle).toHaveBeenCalledOnce();
});

it("draws no more lines of a folded text than are shown, and no button of the rest", async () => {
  const { root } = await shown(Array.from({ length: 9 }, (_, at) => `0:0${at} part`).join("\n"));
  expect(root.querySelector("p")?.textContent).toBe("0:00 part\n0:01 part\n0:02 part\n0:03 part\n0:04 part…");
  expect(root.querySelectorAll(".stamp")).toHaveLength(5);
});

it("draws all of an unfolded text", async () => {
  const { root } = await shown("a".repeat(10_000), true);
  expect(root.querySelector("p")?.textContent).toHaveLength(10_000);
});

it("never cuts a character in two", async () => {
  const { root } = await shown(`a${"😀".repeat(400)}`);
  expect(root.querySelector("p")?.textContent).not.toMatch(/\p{Surrogate}/u);
});

it("lets each text have its own direction", async () => {
  const { root } = await shown("مرحبا");
  expect(root.querySelector("p")?.dir).toBe("auto");
});
