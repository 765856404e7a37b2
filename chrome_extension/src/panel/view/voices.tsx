/** The most liked comments of a label, and those that tell most. */

import { useState } from "preact/hooks";

import { LABEL_NAMES, type Comment, type LabelName } from "../../service/wire.ts";
import type { MessageKey } from "../../text/catalogue.ts";
import type { PanelModel } from "../state/contract.ts";
import { CommentText } from "./comment_text.tsx";
import { Icon, THUMB } from "./icons.tsx";
import { JumpButton } from "./jump_button.tsx";
import { LABELS_SHOWN, LabelWord } from "./labels.tsx";
import { Section } from "./section.tsx";

const KINDS = {
  most_liked: "mostLiked",
  most_telling: "mostTelling",
} as const satisfies Record<string, MessageKey>;
type Kind = keyof typeof KINDS;
const MOST_VOICES = 3;

export function Voices({ model }: { model: PanelModel }) {
  const words = model.words.value;
  const { t } = words;
  const analysis = model.analysis.value;
  const known = model.commentById.value;
  const [label, setLabel] = useState<LabelName | null>(null);
  if (analysis === null) return null;
  const voicesOf = (name: LabelName, kind: Kind): Comment[] =>
    analysis.labels[name][kind].flatMap((id) => known.get(id) ?? []).slice(0, MOST_VOICES);
  const filled = LABELS_SHOWN.filter((name) =>
    (Object.keys(KINDS) as Kind[]).some((kind) => voicesOf(name, kind).length > 0),
  );
  const most = LABEL_NAMES.toSorted(
    (a, b) => (analysis.shares[b].share ?? 0) - (analysis.shares[a].share ?? 0),
  ).find((name) => filled.includes(name));
  const chosen = label !== null && filled.includes(label) ? label : most;
  if (chosen === undefined) return null;
  return (
    <Section title={t("voices")} name="voices">
      <fieldset class="segments">
        <legend class="hidden">{t("voicesOf")}</legend>
        {filled.map((name) => (
          <label key={name} class="segment">
            <input
              type="radio"
              name="voices"
              checked={name === chosen}
              onChange={() => setLabel(name)}
            />
            <LabelWord label={name} words={words} />
          </label>
        ))}
      </fieldset>
      {(Object.keys(KINDS) as Kind[]).map((kind) => {
        const voices = voicesOf(chosen, kind);
        if (voices.length === 0) return null;
        return (
          <div key={kind} class="voices">
            <h4>{t(KINDS[kind])}</h4>
            {kind === "most_telling" && <p class="part-note">{t("mostTellingNote")}</p>}
            <ul>
              {voices.map((comment) => (
                <Voice key={comment.id} comment={comment} model={model} />
              ))}
            </ul>
          </div>
        );
      })}
    </Section>
  );
}

function Voice({ comment, model }: { comment: Comment; model: PanelModel }) {
  const words = model.words.value;
  const [isOpen, setOpen] = useState(false);
  const likes = comment.like_count;
  return (
    <li class="voice">
      <CommentText
        text={comment.text}
        words={words}
        isOpen={isOpen}
        onToggle={() => setOpen(!isOpen)}
        seek={model.seek}
      />
      <div class="comment-foot">
        {likes !== null && (
          <span class="fact">
            <Icon paths={THUMB} />
            {words.t("likes", { count: likes, compact: words.compact(likes) })}
          </span>
        )}
        <JumpButton model={model} commentId={comment.id} />
      </div>
    </li>
  );
}
