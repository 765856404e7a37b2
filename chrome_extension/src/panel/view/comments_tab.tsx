/** The second tab: every comment that was read, to search through. */

import type { PanelModel } from "../state/contract.ts";
import { CommentList } from "./comment_list.tsx";
import { Filters } from "./filters.tsx";

export function CommentsTab({ model }: { model: PanelModel }) {
  const { t } = model.words.value;
  const isNone = model.shownComments.value.length === 0;
  return (
    <>
      <h2 class="hidden">{t("comments")}</h2>
      <Filters model={model} />
      {isNone ? <p class="none">{t("noneShown")}</p> : <CommentList model={model} />}
    </>
  );
}
