/** What the builds of the extension and of the demo page have in common. */

import { gzipSync } from "node:zlib";
import { readFile, readdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "vite";

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const EXTENSION_FOLDER = join(ROOT, "build", "extension");
export const DEMO_FOLDER = join(ROOT, "demo");
/** Newest syntax of the oldest Chrome in the manifest. */
const TARGET = "chrome123";

/**
 * Build pages and module scripts; names carry no hash, so that builds can be compared.
 *
 * @param {{inputs: Record<string, string>, folder: string, base: string}} wanted
 */
export async function buildPages({ inputs, folder, base }) {
  await build({
    ...common(folder),
    base,
    build: {
      ...common(folder).build,
      emptyOutDir: true,
      rollupOptions: {
        input: inputs,
        output: {
          entryFileNames: "[name].js",
          chunkFileNames: "[name].js",
          assetFileNames: "[name][extname]",
        },
      },
    },
  });
}

/**
 * Build a script that is no module, such as a content script: one file.
 *
 * @param {{name: string, input: string, folder: string}} wanted
 */
export async function buildScript({ name, input, folder }) {
  await build({
    ...common(folder),
    build: {
      ...common(folder).build,
      emptyOutDir: false,
      lib: { entry: input, formats: ["iife"], name: "sentiment", fileName: () => `${name}.js` },
    },
  });
}

/** @param {string} folder */
function common(folder) {
  return /** @type {const} */ ({
    configFile: false,
    root: ROOT,
    logLevel: "warn",
    publicDir: false,
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir: folder,
      target: TARGET,
      minify: true,
      sourcemap: false,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      copyPublicDir: false,
    },
  });
}

/**
 * Return every file below a folder, sorted, by its path from there.
 *
 * @param {string} folder
 * @returns {Promise<Map<string, Buffer>>}
 */
export async function filesOf(folder) {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = paths.sort().map(async (path) => /** @type {const} */ ([relative(folder, path), await readFile(path)]));
  return new Map(await Promise.all(read));
}

/**
 * Return the gzipped bytes of what is code or style.
 *
 * @param {Map<string, Buffer>} files
 */
export function gzippedBytes(files) {
  let total = 0;
  for (const [path, content] of files) {
    if (/\.(js|css|html)$/.test(path)) total += gzipSync(content, { level: 9 }).length;
  }
  return total;
}
