/**
 * Packs the built extension: a zip for the store and a signed crx, into `../dist`.
 *
 * SENTIMENT_CRX_KEY_FILE names the private key (PEM); without it a throw-away key signs, and
 * Chrome will see another extension at each packing.
 */

import { createHash, createPublicKey, generateKeyPairSync } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import crx3 from "crx3";
import { zipSync } from "fflate";

import { EXTENSION_FOLDER, ROOT, filesOf } from "./building.mjs";

/** One date for all files, so that the same sources make the same zip. */
const DATE = new Date(1980, 0, 1, 12);

const dist = resolve(ROOT, "..", "dist");
const files = await filesOf(EXTENSION_FOLDER);
const manifest = JSON.parse(String(files.get("manifest.json")));
const stem = join(dist, `comment-sentiment-${manifest.version}`);
await mkdir(dist, { recursive: true });

// The store gives the key itself and refuses a manifest that brings one.
const { key, ...forStore } = manifest;
const entries = [...files].map(([path, content]) => [path.replaceAll("\\", "/"), content]);
const zipped = Object.fromEntries(entries);
zipped["manifest.json"] = Buffer.from(`${JSON.stringify(forStore, null, 2)}\n`);
await writeFile(`${stem}.zip`, zipSync(zipped, { level: 9, mtime: DATE }));
console.log(`${stem}.zip`);

const scratch = await mkdtemp(join(tmpdir(), "sentiment-key-"));
try {
  let keyFile = process.env.SENTIMENT_CRX_KEY_FILE;
  if (!keyFile) {
    keyFile = join(scratch, "key.pem");
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    await writeFile(keyFile, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    console.warn("warning: SENTIMENT_CRX_KEY_FILE is not set: a throw-away key signs this crx");
  }
  const signer = createPublicKey(await readFile(keyFile)).export({ type: "spki", format: "der" });
  await crx3([join(EXTENSION_FOLDER, "manifest.json")], {
    keyPath: keyFile,
    crxPath: `${stem}.crx`,
  });
  const id = extensionId(signer);
  console.log(`${stem}.crx, id ${id}`);
  if (id !== extensionId(Buffer.from(key, "base64"))) {
    console.warn(`warning: that is not the manifest's id; a service must list chrome-extension://${id}`);
    console.warn("in SENTIMENT_ALLOWED_ORIGINS before it answers this crx.");
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}

/**
 * Return the id that Chrome gives to whoever holds a public key.
 *
 * @param {Buffer} publicKey DER
 */
function extensionId(publicKey) {
  const hex = createHash("sha256").update(publicKey).digest("hex").slice(0, 32);
  return [...hex].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 16))).join("");
}
