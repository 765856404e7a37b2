/** Where the service is: kept in Chrome's local storage, checked before it is used. */

const KEY = "server";
const HOSTS = ["127.0.0.1", "localhost"];

export const DEFAULT_SERVER = "http://127.0.0.1:3000";

/**
 * Return the origin of a server that the extension may talk to, or null.
 *
 * @param {string} typed only loopback over HTTP: the manifest permits nothing else
 * @returns {string | null}
 */
export function serverOrigin(typed) {
  const address = typed.includes("://") ? typed.trim() : `http://${typed.trim()}`;
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  return url.protocol === "http:" && HOSTS.includes(url.hostname) ? url.origin : null;
}

/** @returns {Promise<string>} the stored origin, or the default */
export async function loadServer() {
  const stored = (await chrome.storage.local.get(KEY))[KEY];
  return (typeof stored === "string" ? serverOrigin(stored) : null) ?? DEFAULT_SERVER;
}

/**
 * @param {string} origin from `serverOrigin`
 * @returns {Promise<void>}
 */
export async function saveServer(origin) {
  await chrome.storage.local.set({ [KEY]: origin });
}
