/** The settings as a form: each value checked where it is typed, saved all together. */

import { useEffect, useRef, useState } from "preact/hooks";

import type { Store } from "../../host/host.ts";
import { download } from "../../panel/view/download.ts";
import { Switch } from "../../panel/view/switch.tsx";
import type { ServiceClient } from "../../service/client.ts";
import { asProblem } from "../../service/problem.ts";
import type { Catalogue } from "../../text/catalogue.ts";
import { problemWords } from "../../text/problem_words.ts";
import {
  DEFAULTS,
  exportSettings,
  importSettings,
  onSettingsChange,
  saveSettings,
  type SettingName,
  type Settings,
} from "../settings.ts";
import { draftOf, followed, settingsOf, wrongOf, type Draft, type Wrong } from "./draft.ts";
import { Group } from "./field.tsx";
import { ChoiceInput, NumberInput, ServerInput, TokenInput, type Form } from "./inputs.tsx";

export interface Surroundings {
  readonly store: Store;
  /** Set where the page's own service is asked, and no other can be. */
  readonly fixedServer: string | null;
  readonly requestPermission: (origin: string) => Promise<boolean>;
  readonly makeClient: (settings: Settings) => Pick<ServiceClient, "model">;
}

interface Props {
  readonly settings: Settings;
  readonly words: Catalogue;
  readonly surroundings: Surroundings;
}

/** What is stored, and what is typed over it. */
interface State {
  readonly saved: Settings;
  readonly draft: Draft;
}
interface Note {
  readonly text: string;
  readonly tone: "plain" | "good" | "bad";
}
const NO_NOTE: Note = { text: "", tone: "plain" };

export function SettingsForm({ settings, words, surroundings }: Props) {
  const { t } = words;
  const page = useRef<HTMLFormElement>(null);
  const [{ saved, draft }, setState] = useState<State>({ saved: settings, draft: draftOf(settings) });
  const [wrong, setWrong] = useState<Wrong>({});
  const [note, setNote] = useState<Note>(NO_NOTE);
  const hasServer = surroundings.fixedServer === null;

  // All are saved together: what the panel or another page sets meanwhile would be undone.
  useEffect(
    () =>
      onSettingsChange(surroundings.store, (changed) =>
        setState((now) => ({ saved: changed, draft: followed(now.draft, now.saved, changed) })),
      ),
    [surroundings.store],
  );

  const form: Form = {
    draft,
    wrong,
    words,
    change: (name, value) => {
      setState((now) => ({ ...now, draft: { ...now.draft, [name]: value } }));
      setWrong(without(wrong, name));
      setNote(NO_NOTE);
    },
    check: (name) => {
      const problem = wrongOf(draft, name, words);
      setWrong(problem === undefined ? without(wrong, name) : { ...wrong, [name]: problem });
    },
  };

  /** Put other settings into the form; they are not saved yet. */
  const fill = (others: Settings, text: string) => {
    setState((now) => ({ ...now, draft: draftOf(others) }));
    setWrong({});
    setNote({ text, tone: "plain" });
  };

  /** Check all, ask for leave where it is needed, then store. Returns null if it was not stored. */
  const store = async (): Promise<Settings | null> => {
    const { value, wrong: found } = settingsOf(draft, words);
    setWrong(found);
    if (value === null) {
      const names = Object.keys(found);
      setNote({ text: t("checkFields", { count: names.length }), tone: "bad" });
      page.current?.querySelector<HTMLElement>(`#${names[0]}`)?.focus();
      return null;
    }
    // Chrome takes the question only while the click lasts: nothing is awaited before it.
    if (hasServer && !(await surroundings.requestPermission(value.server))) {
      setNote({ text: t("permissionRefused", { server: value.server }), tone: "bad" });
      return null;
    }
    await saveSettings(surroundings.store, value);
    setState({ saved: value, draft: draftOf(value) });
    return value;
  };
  const onSubmit = async (event: Event) => {
    event.preventDefault();
    if (await store()) setNote({ text: t("saved"), tone: "good" });
  };
  const onTest = async () => {
    const value = await store();
    if (value === null) return;
    setNote({ text: t("testing"), tone: "plain" });
    try {
      const { name } = await surroundings.makeClient(value).model();
      setNote({ text: t("testOk", { name: name || t("modelUnknown") }), tone: "good" });
    } catch (error) {
      const { title, advice } = problemWords(asProblem(error), words);
      setNote({ text: `${title}. ${advice}`, tone: "bad" });
    }
  };
  const onImport = async (event: Event) => {
    const input = event.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    if (!file) return;
    const read = importSettings(await file.text(), saved);
    input.value = "";
    if (read.ok) {
      const isTokenLost = saved.token !== "" && read.settings.token === "";
      fill(read.settings, t(isTokenLost ? "importedWithoutToken" : "importedNote"));
    } else if (read.wrong === "not_ours") setNote({ text: t("importNotOurs"), tone: "bad" });
    else setNote({ text: t("importWrong", { names: read.wrong.join(", ") }), tone: "bad" });
  };
  const onExport = () => {
    const content = new Blob([exportSettings(saved)], { type: "application/json" });
    download("comment-sentiment-settings.json", content);
  };

  return (
    <form class="settings-form" ref={page} onSubmit={(event) => void onSubmit(event)} noValidate>
      <h1>{t("settingsTitle")}</h1>
      {hasServer && (
        <Group title={t("settingsServer")}>
          <ServerInput form={form} />
          <TokenInput form={form} />
        </Group>
      )}
      <Group title={t("settingsReading")}>
        <NumberInput name="maxComments" form={form} />
        <ChoiceInput name="order" form={form} />
      </Group>
      <Group title={t("settingsLive")}>
        <NumberInput name="livePollSeconds" form={form} />
        <NumberInput name="moodThreshold" form={form} />
        <NumberInput name="moodCooldownMinutes" form={form} />
      </Group>
      <Group title={t("settingsLook")}>
        <ChoiceInput name="theme" form={form} />
        <ChoiceInput name="language" form={form} />
        <Switch label={t("settingMarks")} isOn={draft.marks === true}
          onChange={(on) => form.change("marks", on)}>
          {t("settingMarksHelp")}
        </Switch>
      </Group>
      <Group title={t("settingsFile")}>
        <p class="settings-help">{t("settingsFileText")}</p>
        <div class="actions">
          <button class="button" type="button" onClick={onExport}>
            {t("exportSettings")}
          </button>
          <label class="button">
            {t("importSettings")}
            <input class="hidden" type="file" accept="application/json"
              onChange={(event) => void onImport(event)} />
          </label>
          <button class="button" type="button" onClick={() => fill(DEFAULTS, t("resetNote"))}>
            {t("reset")}
          </button>
        </div>
      </Group>
      <div class="settings-foot">
        <p id="settings-note" role="status" class={`note-${note.tone}`}>
          {note.text}
        </p>
        <div class="actions">
          <button class="button primary" type="submit">
            {t("save")}
          </button>
          <button class="button" type="button" onClick={() => void onTest()}>
            {t("test")}
          </button>
        </div>
      </div>
    </form>
  );
}

function without(wrong: Wrong, name: SettingName): Wrong {
  const { [name]: _, ...others } = wrong;
  return others;
}
