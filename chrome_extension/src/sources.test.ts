// @vitest-environment node
/** What must hold of the sources without running them. */

import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";

import { describe, expect, it } from "vitest";

import packageFile from "../package.json" with { type: "json" };
import manifest from "../public/manifest.json" with { type: "json" };

const ROOT = join(import.meta.dirname, "..");
const PARSES_TEXT =
  /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|setHTML|\beval\(|new Function/;
/** The service's client, and the demo page's own configuration. */
const MAY_FETCH = ["src/demo/config.ts", "src/service/client.ts"];
const ASKS_NETWORK = /\bfetch\s*\(|XMLHttpRequest|WebSocket|EventSource\b|sendBeacon/;

const sources = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
  .map((path) => relative(ROOT, join(ROOT, "src", path)))
  .filter((path) => /\.tsx?$/.test(path) && !/\.(test|d)\.tsx?$/.test(path))
  .map((path) => [path, readFileSync(join(ROOT, path), "utf8")] as const);

describe.each(sources)("%s", (path, text) => {
  it("never reads text as markup or code", () => {
    expect(text.match(PARSES_TEXT)).toBeNull();
  });

  it("talks to the network only where that is its job", () => {
    expect(ASKS_NETWORK.test(text)).toBe(MAY_FETCH.includes(path));
  });

  it("has at most 300 lines", () => {
    expect(text.split("\n").length).toBeLessThanOrEqual(301);
  });
});

it("schema.d.ts is what the service's document makes", () => {
  const made = execFileSync(
    join(ROOT, "node_modules", ".bin", "openapi-typescript"),
    [join(ROOT, "..", "reports", "openapi.json")],
    { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
  );
  expect(readFileSync(join(ROOT, "src/service/schema.d.ts"), "utf8").trim()).toBe(made.trim());
}, 60_000);

describe("manifest", () => {
  it("has the package's version", () => {
    expect(manifest.version).toBe(packageFile.version);
  });

  it("asks for no more than it needs", () => {
    expect(manifest.permissions).toEqual(["sidePanel", "storage", "scripting"]);
    expect(manifest.content_scripts.flatMap(({ matches }) => matches)).toEqual([
      "https://www.youtube.com/*",
    ]);
  });

  it("runs its own scripts only", () => {
    const policy = manifest.content_security_policy.extension_pages;
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
    expect(policy).not.toMatch(/unsafe|\*\.|http:(?!\/\/(127\.0\.0\.1|localhost):)/);
  });
});
