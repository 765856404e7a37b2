/** Builds the demo page into `demo/`, which is committed, or into the folder that is named. */

import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { DEMO_FOLDER, ROOT, buildPages } from "./building.mjs";

/** @param {string} folder */
export async function buildDemo(folder) {
  await buildPages({
    inputs: { demo: join(ROOT, "demo.html"), settings: join(ROOT, "settings.html") },
    folder,
    // Where the service serves it.
    base: "/demo/",
  });
}

const isMain = process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href;
if (isMain) await buildDemo(process.argv[2] ? resolve(process.argv[2]) : DEMO_FOLDER);
