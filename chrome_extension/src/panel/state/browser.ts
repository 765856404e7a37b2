/** What the panel must know of the browser around it: is there a network, does anybody look. */

import { signal, type ReadonlySignal } from "@preact/signals";

export interface Browser {
  readonly online: ReadonlySignal<boolean>;
  readonly visible: ReadonlySignal<boolean>;
  dispose(): void;
}

export function thisBrowser(): Browser {
  const online = signal(navigator.onLine);
  const visible = signal(document.visibilityState === "visible");
  const controller = new AbortController();
  const { signal: gone } = controller;
  const lookUp = () => {
    online.value = navigator.onLine;
  };
  window.addEventListener("online", lookUp, { signal: gone });
  window.addEventListener("offline", lookUp, { signal: gone });
  document.addEventListener(
    "visibilitychange",
    () => {
      visible.value = document.visibilityState === "visible";
    },
    { signal: gone },
  );
  return { online, visible, dispose: () => controller.abort() };
}
