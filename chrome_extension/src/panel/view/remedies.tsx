/** What a viewer can do where a question has failed, or where only the page's comments were read. */

import type { Problem, ProblemCode } from "../../service/problem.ts";
import type { PanelModel } from "../state/contract.ts";

/** Where the server is fine but can't ask YouTube. */
const PAGE_HELPS: readonly ProblemCode[] = [
  "quota_exceeded",
  "api_key_missing",
  "api_key_invalid",
  "youtube_unavailable",
  "youtube_error",
];

/** Whether the comments loaded on the page can be read instead. */
export function pageHelps({ code }: Problem, model: PanelModel): boolean {
  return PAGE_HELPS.includes(code) && model.source.value === "service";
}

interface Props {
  readonly model: PanelModel;
  readonly class: string;
}

export function UsePage({ model, class: look }: Props) {
  return (
    <button type="button" class={look} onClick={() => model.useLoadedComments()}>
      {model.words.value.t("useLoaded")}
    </button>
  );
}

/** From the page's comments: to those that were loaded since, and back to the whole video. */
export function FromPage({ model, class: look }: Props) {
  const { t } = model.words.value;
  return (
    <div class="actions">
      <button type="button" class={look} onClick={() => model.useLoadedComments()}>
        {t("readAgain")}
      </button>
      <AskServer model={model} class={look} />
    </div>
  );
}

export function AskServer({ model, class: look }: Props) {
  return (
    <button type="button" class={look} onClick={() => model.askService()}>
      {model.words.value.t("askServer")}
    </button>
  );
}
