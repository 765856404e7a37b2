/** Time that goes on while a component is shown. */

import { useEffect, useState } from "preact/hooks";

/** Return now in ms since the epoch, anew after each interval. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** Return whole seconds until a moment, at least 0; for instance 42. */
export function secondsUntil(at: number, now: number): number {
  return Math.max(0, Math.ceil((at - now) / 1_000));
}

/** For instance "1:05", or "11:01:05". */
export function clockTime(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const parts = [minutes % 60, seconds % 60];
  if (minutes >= 60) parts.unshift(Math.floor(minutes / 60));
  const [first, ...rest] = parts.map(String);
  return [first, ...rest.map((part) => part.padStart(2, "0"))].join(":");
}
