/** Draws components into a page for tests, and finds what stands there as a reader would. */

import { render, type VNode } from "preact";
import { act } from "preact/test-utils";

/** Draw into an emptied page. */
export async function draw(what: VNode): Promise<HTMLElement> {
  const root = document.createElement("div");
  document.body.replaceChildren(root);
  await act(() => render(what, root));
  return root;
}

/** Return the first element of a kind whose words or label hold `name`. */
export function named<Kind extends HTMLElement>(root: ParentNode, selector: string, name: string): Kind {
  const found = [...root.querySelectorAll<Kind>(selector)].find((one) =>
    `${one.getAttribute("aria-label") ?? ""} ${one.textContent}`.includes(name),
  );
  if (found === undefined) throw new Error(`There is no ${selector} named ${name}.`);
  return found;
}

export function button(root: ParentNode, name: string): HTMLButtonElement {
  return named(root, "button", name);
}

export async function press(what: HTMLElement): Promise<void> {
  await act(() => what.click());
}

export async function type(input: HTMLInputElement, text: string): Promise<void> {
  await act(() => {
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

export async function pressKey(on: HTMLElement, key: string): Promise<void> {
  await act(() => {
    on.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  });
}
