/** Builds the gallery of the panel's states into the folder that is named; for tests, never shipped. */

import { join, resolve } from "node:path";

import { ROOT, buildPages } from "./building.mjs";

const [, , folder] = process.argv;
if (folder === undefined) throw new Error("Wanted the folder to build into.");
await buildPages({
  inputs: { gallery: join(ROOT, "src/panel/view/gallery.html") },
  folder: resolve(folder),
  base: "/",
});
