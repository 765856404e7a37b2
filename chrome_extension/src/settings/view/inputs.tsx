/** The kinds of input that the form has. */

import { useState } from "preact/hooks";

import type { Catalogue, MessageKey } from "../../text/catalogue.ts";
import { DEFAULT_SERVER } from "../server_address.ts";
import type { SettingName } from "../settings.ts";
import { NUMBERS, type Draft, type NumberName, type Wrong } from "./draft.ts";
import { Field, fieldAttributes } from "./field.tsx";

export interface Form {
  readonly draft: Draft;
  readonly wrong: Wrong;
  readonly words: Catalogue;
  readonly change: (name: SettingName, value: string | boolean) => void;
  /** Check a field that was left. */
  readonly check: (name: SettingName) => void;
}

const CHOICES = {
  order: { label: "settingOrder", options: { time: "orderTime", relevance: "orderRelevance" } },
  theme: {
    label: "settingTheme",
    options: { auto: "themeAuto", light: "themeLight", dark: "themeDark" },
  },
  language: { label: "settingLanguage", options: { auto: "languageAuto", en: null, de: null } },
} as const satisfies Partial<
  Record<SettingName, { label: MessageKey; options: Record<string, MessageKey | null> }>
>;
/** Languages are named in themselves, so that they are found by who can't read the others. */
const OWN_NAMES: Readonly<Record<string, string>> = { en: "English", de: "Deutsch" };

export function ServerInput({ form }: { form: Form }) {
  const { t } = form.words;
  return (
    <Field name="server" label={t("settingServer")} wrong={form.wrong.server}
      help={t("settingServerHelp", { example: DEFAULT_SERVER })}>
      <input {...fieldAttributes("server", form.wrong)} type="text" inputMode="url" dir="ltr"
        spellcheck={false} autocomplete="off" value={String(form.draft.server)}
        onInput={(event) => form.change("server", event.currentTarget.value)}
        onBlur={() => form.check("server")} />
    </Field>
  );
}

export function TokenInput({ form }: { form: Form }) {
  const { t } = form.words;
  const [isShown, setShown] = useState(false);
  return (
    <Field name="token" label={t("settingToken")} wrong={form.wrong.token}
      help={t("settingTokenHelp")}>
      <div class="settings-secret">
        <input {...fieldAttributes("token", form.wrong)} type={isShown ? "text" : "password"}
          dir="ltr" spellcheck={false} autocomplete="off" value={String(form.draft.token)}
          onInput={(event) => form.change("token", event.currentTarget.value)}
          onBlur={() => form.check("token")} />
        <button type="button" class="button" aria-controls="token" aria-pressed={isShown}
          onClick={() => setShown(!isShown)}>
          {t(isShown ? "hideToken" : "showToken")}
          <span class="hidden"> {t("settingToken")}</span>
        </button>
      </div>
    </Field>
  );
}

export function NumberInput({ name, form }: { name: NumberName; form: Form }) {
  const { t, integer } = form.words;
  const { label, help, low, high, step } = NUMBERS[name];
  const range = step === 1 ? { low: integer(low), high: integer(high) } : { low, high };
  return (
    <Field name={name} label={t(label)} wrong={form.wrong[name]} help={t(help, range)}>
      <input {...fieldAttributes(name, form.wrong)} class="settings-number" type="number"
        min={low} max={high} step={step} value={String(form.draft[name])}
        onInput={(event) => form.change(name, event.currentTarget.value)}
        onBlur={() => form.check(name)} />
    </Field>
  );
}

export function ChoiceInput({ name, form }: { name: keyof typeof CHOICES; form: Form }) {
  const { t } = form.words;
  const { label, options } = CHOICES[name];
  return (
    <Field name={name} label={t(label)} wrong={form.wrong[name]}>
      <select id={name} name={name} value={String(form.draft[name])}
        onChange={(event) => form.change(name, event.currentTarget.value)}>
        {Object.entries(options).map(([value, key]: [string, MessageKey | null]) => (
          <option key={value} value={value}>
            {key === null ? OWN_NAMES[value] : t(key)}
          </option>
        ))}
      </select>
    </Field>
  );
}
