/** Which servers the panel may talk to. */

export const DEFAULT_SERVER = "http://127.0.0.1:3000";
const LOOPBACK = ["127.0.0.1", "localhost"];

/**
 * Return the origin of a server that may be asked, or null.
 *
 * Over HTTPS any; over HTTP only this computer, since the token and the comments would travel in
 * the clear. Without a scheme, this computer is asked over HTTP and any other over HTTPS.
 */
export function serverOrigin(typed: string): string | null {
  const text = typed.trim();
  const url = parsed(text.includes("://") ? text : `https://${text}`);
  if (url === null || url.username !== "" || url.password !== "" || url.hostname === "") return null;
  if (!text.includes("://") && isLoopback(url)) return parsed(`http://${text}`)?.origin ?? null;
  if (url.protocol === "https:") return url.origin;
  return url.protocol === "http:" && isLoopback(url) ? url.origin : null;
}

/** Return whether a server is on this computer, for which the manifest grants leave already. */
export function isLocal(origin: string): boolean {
  const url = parsed(origin);
  return url !== null && isLoopback(url) && url.protocol === "http:";
}

function isLoopback(url: URL): boolean {
  return LOOPBACK.includes(url.hostname);
}

function parsed(address: string): URL | null {
  return URL.canParse(address) ? new URL(address) : null;
}
