/** Fails when `demo/` is not what its sources make. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { buildDemo } from "./build_demo.mjs";
import { DEMO_FOLDER, filesOf } from "./building.mjs";

const folder = await mkdtemp(join(tmpdir(), "sentiment-demo-"));
try {
  await buildDemo(folder);
  const [wanted, found] = [await filesOf(folder), await filesOf(DEMO_FOLDER)];
  const names = [...new Set([...wanted.keys(), ...found.keys()])].sort();
  const stale = names.filter((name) => !wanted.get(name)?.equals(found.get(name) ?? Buffer.alloc(0)));
  if (stale.length > 0) {
    console.error(`demo/ is not what its sources make: ${stale.join(", ")}.`);
    console.error("Run `npm run build:demo` and commit what it writes.");
    process.exitCode = 1;
  } else {
    console.log(`demo/: ${names.length} files, as their sources make them`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
