/** Builds the unpacked extension, says how large it is, and fails when that is too large. */

import { cp } from "node:fs/promises";
import { join } from "node:path";

import { EXTENSION_FOLDER, ROOT, buildPages, buildScript, filesOf, gzippedBytes } from "./building.mjs";

const LARGEST_BYTES = 150_000;

await buildPages({
  inputs: {
    sidepanel: join(ROOT, "sidepanel.html"),
    settings: join(ROOT, "settings.html"),
    worker: join(ROOT, "src/worker/worker.ts"),
  },
  folder: EXTENSION_FOLDER,
  base: "./",
});
await buildScript({
  name: "content",
  input: join(ROOT, "src/content/content.ts"),
  folder: EXTENSION_FOLDER,
});
await cp(join(ROOT, "public"), EXTENSION_FOLDER, { recursive: true });
await cp(join(ROOT, "_locales"), join(EXTENSION_FOLDER, "_locales"), { recursive: true });

const bytes = gzippedBytes(await filesOf(EXTENSION_FOLDER));
console.log(`build/extension: ${(bytes / 1_000).toFixed(1)} kB gzipped of ${LARGEST_BYTES / 1_000} allowed`);
if (bytes > LARGEST_BYTES) {
  console.error("The extension is too large: look at what was added to its dependencies.");
  process.exitCode = 1;
}
