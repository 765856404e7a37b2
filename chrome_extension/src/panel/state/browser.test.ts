import { afterEach, expect, test, vi } from "vitest";

import { thisBrowser, type Browser } from "./browser.ts";

let browser: Browser | null = null;
afterEach(() => browser?.dispose());

test("it follows the network", () => {
  browser = thisBrowser();
  const onLine = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  window.dispatchEvent(new Event("offline"));
  expect(browser.online.value).toBe(false);
  onLine.mockReturnValue(true);
  window.dispatchEvent(new Event("online"));
  expect(browser.online.value).toBe(true);
});

test("it follows whether the page is seen, until its end", () => {
  browser = thisBrowser();
  const state = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  document.dispatchEvent(new Event("visibilitychange"));
  expect(browser.visible.value).toBe(false);
  browser.dispose();
  state.mockReturnValue("visible");
  document.dispatchEvent(new Event("visibilitychange"));
  expect(browser.visible.value).toBe(false);
});
