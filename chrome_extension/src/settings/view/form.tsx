/** The settings as a form: each value checked where it is typed, saved all together. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

import type { Store } from "../../host/host.ts";
import type { ServiceClient } from "../../service/client.ts";
import { asProblem } from "../../service/problem.ts";
import type { Catalogue, MessageKey } from "../../text/catalogue.ts";
import { problemWords } from "../../text/problem_words.ts";
import { DEFAULT_SERVER } from "../server_address.ts";
import {
  DEFAULTS,
  checkSetting,
  exportSettings,
  importSettings,
  saveSettings,
  type SettingName,
  type Settings,
} from "../settings.ts";

export interface Surroundings {
  readonly store: Store;
  /** Set where the page's own service is asked, and no other can be. */
  readonly fixedServer: string | null;
  readonly requestPermission: (origin: string) => Promise<boolean>;
  readonly makeClient: (settings: Settings) => ServiceClient;
}

interface Props {
  readonly settings: Settings;
  readonly words: Catalogue;
  readonly surroundings: Surroundings;
}

type Draft = Readonly<Record<SettingName, string | boolean>>;
type Wrong = Partial<Record<SettingName, string>>;

const NUMBERS = {
  maxComments: { key: "settingMaxComments", low: 1, high: 10_000, step: 1 },
  livePollSeconds: { key: "settingLivePoll", low: 15, high: 3_600, step: 1 },
  moodThreshold: { key: "settingMoodThreshold", low: 0.05, high: 2, step: 0.05 },
  moodCooldownMinutes: { key: "settingMoodCooldown", low: 1, high: 1_440, step: 1 },
} as const satisfies Partial<Record<SettingName, object>>;
type NumberName = keyof typeof NUMBERS;

const CHOICES = {
  order: { key: "settingOrder", options: { time: "orderTime", relevance: "orderRelevance" } },
  theme: {
    key: "settingTheme",
    options: { auto: "themeAuto", light: "themeLight", dark: "themeDark" },
  },
  language: { key: "settingLanguage", options: { auto: "languageAuto", en: null, de: null } },
} as const satisfies Partial<
  Record<SettingName, { key: MessageKey; options: Record<string, MessageKey | null> }>
>;
/** Languages are named in themselves, so that they are found by who can't read the others. */
const OWN_NAMES: Readonly<Record<string, string>> = { en: "English", de: "Deutsch" };

export function SettingsForm({ settings, words, surroundings }: Props) {
  const { t } = words;
  const [saved, setSaved] = useState(settings);
  const [draft, setDraft] = useState<Draft>(draftOf(settings));
  const [wrong, setWrong] = useState<Wrong>({});
  const [note, setNote] = useState("");
  const change = (name: SettingName, value: string | boolean) => {
    setDraft({ ...draft, [name]: value });
    setWrong({ ...wrong, [name]: undefined });
    setNote("");
  };

  /** Check all, ask for leave where it is needed, then store. Returns null if it was not stored. */
  const store = async (): Promise<Settings | null> => {
    const { value, problems } = settingsOf(draft, words);
    setWrong(problems);
    if (value === null) return null;
    // Chrome takes the question only while the click lasts: nothing is awaited before it.
    if (surroundings.fixedServer === null) {
      if (!(await surroundings.requestPermission(value.server))) {
        setNote(t("permissionRefused", { server: value.server }));
        return null;
      }
    }
    await saveSettings(surroundings.store, value);
    setSaved(value);
    setDraft(draftOf(value));
    return value;
  };
  const onSubmit = async (event: Event) => {
    event.preventDefault();
    if (await store()) setNote(t("saved"));
  };
  const onTest = async () => {
    const value = await store();
    if (value === null) return;
    try {
      const { name } = await surroundings.makeClient(value).model();
      setNote(t("testOk", { name: name || t("modelUnknown") }));
    } catch (error) {
      const { title, advice } = problemWords(asProblem(error), words);
      setNote(`${title}. ${advice}`);
    }
  };
  const onImport = async (event: Event) => {
    const input = event.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    if (!file) return;
    const read = importSettings(await file.text(), saved);
    input.value = "";
    if (read.ok) {
      setDraft(draftOf(read.settings));
      setNote(t("imported"));
    } else if (read.wrong === "not_ours") {
      setNote(t("importNotOurs"));
    } else {
      setNote(t("importWrong", { names: read.wrong.join(", ") }));
    }
  };
  const onExport = () => {
    const address = URL.createObjectURL(
      new Blob([exportSettings(saved)], { type: "application/json" }),
    );
    const link = document.createElement("a");
    link.href = address;
    link.download = "comment-sentiment-settings.json";
    link.click();
    URL.revokeObjectURL(address);
  };

  return (
    <form class="card settings-form" onSubmit={(event) => void onSubmit(event)} noValidate>
      <h1>{t("settingsTitle")}</h1>
      {surroundings.fixedServer === null && (
        <>
          <Field name="server" label={t("settingServer")} problem={wrong.server}
            help={t("settingServerHelp", { example: DEFAULT_SERVER })}>
            <input {...attributes("server", wrong)} type="text" inputMode="url" spellcheck={false}
              autocomplete="off" value={String(draft.server)}
              onInput={(event) => change("server", event.currentTarget.value)} />
          </Field>
          <Field name="token" label={t("settingToken")} problem={wrong.token}
            help={t("settingTokenHelp")}>
            <input {...attributes("token", wrong)} type="password" autocomplete="off"
              value={String(draft.token)}
              onInput={(event) => change("token", event.currentTarget.value)} />
          </Field>
        </>
      )}
      {(Object.keys(NUMBERS) as NumberName[]).map((name) => (
        <Field key={name} name={name} label={t(NUMBERS[name].key)} problem={wrong[name]}>
          <input {...attributes(name, wrong)} type="number" min={NUMBERS[name].low}
            max={NUMBERS[name].high} step={NUMBERS[name].step} value={String(draft[name])}
            onInput={(event) => change(name, event.currentTarget.value)} />
        </Field>
      ))}
      {(Object.keys(CHOICES) as (keyof typeof CHOICES)[]).map((name) => (
        <Field key={name} name={name} label={t(CHOICES[name].key)} problem={wrong[name]}>
          <select {...attributes(name, wrong)} value={String(draft[name])}
            onChange={(event) => change(name, event.currentTarget.value)}>
            {optionsOf(name).map(([value, key]) => (
              <option key={value} value={value}>{key === null ? OWN_NAMES[value] : t(key)}</option>
            ))}
          </select>
        </Field>
      ))}
      <label class="settings-check">
        <input id="marks" type="checkbox" checked={draft.marks === true}
          onChange={(event) => change("marks", event.currentTarget.checked)} />
        {t("settingMarks")}
      </label>
      <div class="settings-actions">
        <button class="button primary" type="submit">{t("save")}</button>
        <button class="button" type="button" onClick={() => void onTest()}>{t("test")}</button>
        <button class="button" type="button" onClick={() => setDraft(draftOf(DEFAULTS))}>
          {t("reset")}
        </button>
        <button class="button" type="button" onClick={onExport}>{t("exportSettings")}</button>
        <label class="button">
          {t("importSettings")}
          <input class="hidden" type="file" accept="application/json"
            onChange={(event) => void onImport(event)} />
        </label>
      </div>
      <p id="settings-note" role="status">{note}</p>
    </form>
  );
}

interface FieldProps {
  readonly name: SettingName;
  readonly label: string;
  readonly help?: string;
  readonly problem: string | undefined;
  readonly children: ComponentChildren;
}

function Field({ name, label, help, problem, children }: FieldProps) {
  return (
    <div class="settings-field">
      <label for={name}>{label}</label>
      {children}
      <p class="muted" id={`${name}-note`}>{problem ?? help}</p>
    </div>
  );
}

function attributes(name: SettingName, wrong: Wrong) {
  return {
    id: name,
    name,
    "aria-describedby": `${name}-note`,
    "aria-invalid": wrong[name] !== undefined,
  };
}

function optionsOf(name: keyof typeof CHOICES): [string, MessageKey | null][] {
  return Object.entries(CHOICES[name].options);
}

function draftOf(settings: Settings): Draft {
  const entries = Object.entries(settings).map(([name, value]) => [
    name,
    typeof value === "boolean" ? value : String(value),
  ]);
  return Object.fromEntries(entries) as Draft;
}

/** Read what was typed; `value` is null when anything does not fit, and `problems` says what. */
function settingsOf(
  draft: Draft,
  { t, integer }: Catalogue,
): { value: Settings | null; problems: Wrong } {
  const problems: Wrong = {};
  const found: Record<string, unknown> = {};
  for (const name of Object.keys(DEFAULTS) as SettingName[]) {
    const typed = draft[name];
    const raw = name in NUMBERS && typed !== "" ? Number(typed) : typed;
    const value = checkSetting(name, raw);
    if (value === null) problems[name] = wantedOf(name);
    found[name] = value;
  }
  const value = Object.keys(problems).length === 0 ? (found as Settings) : null;
  return { value, problems };

  function wantedOf(name: SettingName): string {
    if (name === "server") return t("wrongServer", { example: DEFAULT_SERVER });
    if (!(name in NUMBERS)) return t("wrongValue", { wanted: t("wrongToken") });
    const { low, high, step } = NUMBERS[name as NumberName];
    const wanted =
      step === 1
        ? t("wrongNumber", { low: integer(low), high: integer(high) })
        : t("wrongDecimal", { low, high });
    return t("wrongValue", { wanted });
  }
}
