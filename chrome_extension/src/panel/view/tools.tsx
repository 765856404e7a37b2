/** Watching live, marks on the page, and files to take along. */

import { useState } from "preact/hooks";

import { summaryPng } from "../exports/png.ts";
import type { PanelModel } from "../state/contract.ts";
import { clockTime, secondsUntil, useNow } from "./clock.ts";
import { download } from "./download.ts";
import { DOWNLOAD, Icon, PICTURE } from "./icons.tsx";
import { Section } from "./section.tsx";
import { Switch } from "./switch.tsx";

export function LiveSwitch({ model }: { model: PanelModel }) {
  const { t } = model.words.value;
  const { on } = model.live.value;
  return (
    <Switch label={t("live")} isOn={on} onChange={(wanted) => model.setLive(wanted)}>
      {on ? <LiveState model={model} /> : t("liveText")}
      {model.settings.value.order === "relevance" && ` ${t("liveNewest")}`}
    </Switch>
  );
}

function LiveState({ model }: { model: PanelModel }) {
  const { t } = model.words.value;
  const { nextPollAt, newComments } = model.live.value;
  const now = useNow(1_000);
  const next =
    nextPollAt === null ? t("liveAsking") : t("liveNext", { time: clockTime(secondsUntil(nextPollAt, now)) });
  return (
    <>
      {t("liveNew", { count: newComments })} · {next}
    </>
  );
}

export function Tools({ model }: { model: PanelModel }) {
  const words = model.words.value;
  const { t } = words;
  const [failed, setFailed] = useState(false);
  const saveCsv = () => {
    const { name, text } = model.exportCsv();
    download(name, new Blob([text], { type: "text/csv;charset=utf-8" }));
    model.announce(t("exported", { name }));
  };
  const savePng = async () => {
    const analysis = model.analysis.value;
    if (analysis === null) return;
    const { name, content } = await summaryPng(analysis, words, model.source.value);
    setFailed(content === null);
    if (content === null) {
      model.announce(t("pictureFailed"));
      return;
    }
    download(name, content);
    model.announce(t("exported", { name }));
  };
  return (
    <Section title={t("tools")} name="tools">
      <Switch
        label={t("marks")}
        isOn={model.marksShown.value}
        onChange={(wanted) => model.setMarks(wanted)}
      >
        {t("marksText")}
      </Switch>
      <div class="actions">
        <button type="button" class="button" onClick={saveCsv}>
          <Icon paths={DOWNLOAD} />
          {t("saveCsv")}
        </button>
        <button type="button" class="button" onClick={() => void savePng()}>
          <Icon paths={PICTURE} />
          {t("savePng")}
        </button>
      </div>
      {failed && <p class="wrong">{t("pictureFailed")}</p>}
    </Section>
  );
}
