/** Line icons in a box of 20 by 20, hidden from screen readers: a word always stands beside one. */

import type { Intent, LabelName } from "../../service/wire.ts";

const FACE = "M10 1.8a8.2 8.2 0 1 0 0 16.4a8.2 8.2 0 1 0 0-16.4z";
const EYES = "M7 7.4v.9 M13 7.4v.9";

type Paths = readonly string[];

/** Faces that differ in shape, not only in colour. */
export const FACES: Readonly<Record<LabelName, Paths>> = {
  negative: [FACE, EYES, "M6.3 14.2q3.7-4 7.4 0"],
  neutral: [FACE, EYES, "M6.5 12.8h7"],
  positive: [FACE, EYES, "M6.3 11.8q3.7 4 7.4 0"],
};
export const INTENT_ICONS: Readonly<Record<Intent, Paths>> = {
  question: [FACE, "M7.7 7.9q.1-2.2 2.3-2.2t2.3 2q0 1.4-2.3 2.6v1.3", "M10 14.1v.2"],
  request: ["M10 2.5v9 M6.5 8.2l3.5 3.6 3.5-3.6", "M3 13.5v3.5h14v-3.5"],
  praise: ["M10 16.8l-6.2-6a3.9 3.9 0 0 1 6.2-4.6a3.9 3.9 0 0 1 6.2 4.6z"],
  complaint: ["M3.5 3v14.5 M3.5 4h12l-2.5 3.8 2.5 3.7h-12"],
  spam: [FACE, "M4.4 4.4l11.2 11.2"],
};
export const LEFT_OUT = [FACE, "M5.5 14.5l9-9"] as const;
export const BUBBLE = ["M3 3.5h14v10H9.5L5.5 17v-3.5H3z"] as const;
export const WARNING = ["M10 2.5l8 14.5H2z", "M10 8v4", "M10 14.4v.4"] as const;
export const INFO = [FACE, "M10 9.3v4.7", "M10 6.2v.4"] as const;
export const CLOCK = [FACE, "M10 5.6V10l3 2"] as const;
export const LOCK = ["M4.5 9h11v8h-11z", "M7 9V6a3 3 0 0 1 6 0v3", "M10 12.2v1.6"] as const;
export const BUBBLE_OFF = ["M3 3.5h14v10H9.5L5.5 17v-3.5H3z", "M2.5 17.5l15-15"] as const;
export const SEARCH = ["M8.7 3.2a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11z", "M12.8 12.8l4.4 4.4"] as const;
export const GEAR = [
  "M10 7.2a2.8 2.8 0 1 0 0 5.6a2.8 2.8 0 1 0 0-5.6z",
  "M10 2v2.2 M10 15.8V18 M2 10h2.2 M15.8 10H18 M4.3 4.3l1.6 1.6 M14.1 14.1l1.6 1.6 M4.3 15.7l1.6-1.6 M14.1 5.9l1.6-1.6",
] as const;
export const CLOSE = ["M5 5l10 10 M15 5L5 15"] as const;
export const THUMB = ["M2.8 9h3v8h-3z", "M5.8 9.4L9.4 2.6q2.2.2 1.7 2.6L10.4 8h5q1.9.2 1.6 2l-1.1 5.4q-.4 1.6-2 1.6H5.8"] as const;
export const PENCIL = ["M3 17l.9-4L13.6 3.3l3.1 3.1L7 16.1z", "M11.6 5.3l3.1 3.1"] as const;
export const TARGET = ["M10 3.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z", "M10 1.5v4 M10 14.5v4 M1.5 10h4 M14.5 10h4"] as const;
export const REPLY = ["M8 5L3.5 9.5 8 14", "M3.5 9.5h7q6 0 6 6"] as const;
export const DOWNLOAD = ["M10 2.8v9.6 M6.2 8.8l3.8 3.8 3.8-3.8", "M3.5 16.8h13"] as const;
export const PICTURE = ["M2.8 4h14.4v12H2.8z", "M2.8 13.5l4.2-4 3.4 3 2.8-2.2 4 3.2", "M13 7v.2"] as const;
export const SERVER = ["M3 3.5h14v5.4H3z M3 11.1h14v5.4H3z", "M6 6.2v.1 M6 13.8v.1"] as const;
export const UNPLUGGED = ["M2.5 8q3.2-3 7.5-3t7.5 3 M5.3 11.2Q7.4 9.4 10 9.4t4.7 1.8", "M10 15v.3", "M3.5 17l13-14"] as const;
export const CHEVRON = ["M7.5 4.5L13 10l-5.5 5.5"] as const;
export const FILTER = ["M3 5.5h14 M5.5 10h9 M8 14.5h4"] as const;
export const SWAP = ["M3 7h12.5 M12.5 4l3 3-3 3", "M17 13.5H4.5 M7.5 10.5l-3 3 3 3"] as const;
export const FILM = ["M2.8 4h14.4v12H2.8z", "M8.2 7.3l4.4 2.7-4.4 2.7z"] as const;

interface Props {
  readonly paths: Paths;
  /** Turned round where text runs from right to left. */
  readonly turns?: boolean;
}

export function Icon({ paths, turns = false }: Props) {
  return (
    <svg class={turns ? "icon icon-turns" : "icon"} viewBox="0 0 20 20" aria-hidden="true">
      {paths.map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  );
}
