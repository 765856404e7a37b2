/** Scrolls the page to a comment, and says when that can't be done. */

import { useState } from "preact/hooks";

import type { PanelModel } from "../state/contract.ts";
import { Icon, TARGET } from "./icons.tsx";

interface Props {
  readonly model: Pick<PanelModel, "words" | "jump" | "announce">;
  readonly commentId: string;
}

export function JumpButton({ model, commentId }: Props) {
  const { t } = model.words.value;
  const [failed, setFailed] = useState(false);
  if (commentId === "") return null;
  const jump = async () => {
    const outcome = await model.jump(commentId);
    setFailed(outcome === "unreachable");
    const said = { shown: "jumpShown", navigated: "jumpNavigated", unreachable: "jumpFailed" } as const;
    model.announce(t(said[outcome]));
  };
  return (
    <>
      <button type="button" class="quiet" onClick={() => void jump()}>
        <Icon paths={TARGET} />
        {t("jump")}
      </button>
      {failed && <span class="wrong">{t("jumpFailed")}</span>}
    </>
  );
}
