/** A label in a word and a face; the words of intents and filters. */

import type { Intent, LabelName } from "../../service/wire.ts";
import type { Catalogue, MessageKey } from "../../text/catalogue.ts";
import type { LabelFilter } from "../state/contract.ts";
import { FACES, Icon } from "./icons.tsx";

export const LABEL_KEYS = {
  negative: "labelNegative",
  neutral: "labelNeutral",
  positive: "labelPositive",
} as const satisfies Record<LabelName, MessageKey>;

export const FILTER_KEYS = {
  ...LABEL_KEYS,
  unsure: "filterUnsure",
  left_out: "filterLeftOut",
} as const satisfies Record<LabelFilter, MessageKey>;

export const INTENT_KEYS = {
  question: "intentQuestion",
  request: "intentRequest",
  praise: "intentPraise",
  complaint: "intentComplaint",
  spam: "intentSpam",
} as const satisfies Record<Intent, MessageKey>;

/** What one reads first comes first. */
export const LABELS_SHOWN = ["positive", "neutral", "negative"] as const satisfies LabelName[];

export function LabelWord({ label, words }: { label: LabelName; words: Catalogue }) {
  return (
    <span class={`label ink-${label}`}>
      <Icon paths={FACES[label]} />
      <span>{words.t(LABEL_KEYS[label])}</span>
    </span>
  );
}
