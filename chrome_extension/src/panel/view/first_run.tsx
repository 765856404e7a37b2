/** No server answers: how to start one, and a button that tries it. */

import { useState } from "preact/hooks";

import type { PanelModel } from "../state/contract.ts";
import { Countdown } from "./countdown.tsx";
import { Icon, SERVER } from "./icons.tsx";

interface Props {
  readonly model: PanelModel;
  /** Ms since the epoch, when it asks again by itself. */
  readonly retryAt: number | null;
}

export function FirstRun({ model, retryAt }: Props) {
  const words = model.words.value;
  const { t } = words;
  const { server } = model.settings.value;
  return (
    <section class="message first-run" aria-label={t("problemUnreachableTitle")}>
      <span class="message-icon">
        <Icon paths={SERVER} />
      </span>
      <h2>{t("problemUnreachableTitle")}</h2>
      <p>
        {t("firstRunText")} <bdi class="address">{server}</bdi>
      </p>
      <ol class="steps">
        <li>
          <p>{t("firstRunStart")}</p>
          <div>
            <Command command="make demo" model={model} />
            <p class="muted small">{t("firstRunDemo")}</p>
          </div>
          <div>
            <p class="muted small">{t("firstRunOr")}</p>
            <Command command="sentiment serve" model={model} />
          </div>
        </li>
        <li>
          <p>{t("firstRunElsewhere")}</p>
          <button type="button" class="link" onClick={() => model.openSettings()}>
            {t("setUpServer")}
          </button>
        </li>
        <li>
          <p>{t("firstRunTest")}</p>
          <button type="button" class="button primary" onClick={() => model.retry()}>
            {t("testServer")}
          </button>
          {retryAt !== null && <Countdown at={retryAt} words={words} />}
        </li>
      </ol>
    </section>
  );
}

function Command({ command, model }: { command: string; model: PanelModel }) {
  const { t } = model.words.value;
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(command);
    setCopied(true);
    model.announce(t("copied"));
  };
  return (
    <div class="command">
      <code dir="ltr">{command}</code>
      <button type="button" class="quiet" onClick={() => void copy()}>
        {t(copied ? "copied" : "copy")}
        <span class="hidden"> {command}</span>
      </button>
    </div>
  );
}
