/** Line icons in a box of 20 by 20, hidden from screen readers: a word always stands beside one. */

import type { LabelName } from "../../service/wire.ts";

const FACE = "M10 1.8a8.2 8.2 0 1 0 0 16.4a8.2 8.2 0 1 0 0-16.4z";
const EYES = "M7 7.4v.9 M13 7.4v.9";

/** Faces that differ in shape, not only in colour. */
export const FACES: Readonly<Record<LabelName, readonly string[]>> = {
  negative: [FACE, EYES, "M6.3 14.2q3.7-4 7.4 0"],
  neutral: [FACE, EYES, "M6.5 12.8h7"],
  positive: [FACE, EYES, "M6.3 11.8q3.7 4 7.4 0"],
};
export const LEFT_OUT = [FACE, "M5.5 14.5l9-9"] as const;
export const BUBBLE = ["M3 3.5h14v10H9.5L5.5 17v-3.5H3z"] as const;
export const WARNING = ["M10 2.5l8 14.5H2z", "M10 8v4", "M10 14.4v.4"] as const;

export function Icon({ paths, large = false }: { paths: readonly string[]; large?: boolean }) {
  return (
    <svg class={large ? "icon message-icon" : "icon"} viewBox="0 0 20 20" aria-hidden="true">
      {paths.map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  );
}
