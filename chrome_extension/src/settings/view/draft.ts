/** The settings while they are typed: text and switches, and the way back to checked values. */

import type { Catalogue, MessageKey } from "../../text/catalogue.ts";
import { DEFAULT_SERVER } from "../server_address.ts";
import { DEFAULTS, checkSetting, type SettingName, type Settings } from "../settings.ts";

export type Draft = Readonly<Record<SettingName, string | boolean>>;
/** What is wrong with a field, in words. */
export type Wrong = Readonly<Partial<Record<SettingName, string>>>;

interface NumberField {
  readonly label: MessageKey;
  readonly help: MessageKey;
  readonly low: number;
  readonly high: number;
  readonly step: number;
}

export const NUMBERS = {
  maxComments: {
    label: "settingMaxComments",
    help: "settingMaxCommentsHelp",
    low: 1,
    high: 10_000,
    step: 1,
  },
  livePollSeconds: {
    label: "settingLivePoll",
    help: "settingLivePollHelp",
    low: 15,
    high: 3_600,
    step: 1,
  },
  moodThreshold: {
    label: "settingMoodThreshold",
    help: "settingMoodThresholdHelp",
    low: 0.05,
    high: 2,
    step: 0.05,
  },
  moodCooldownMinutes: {
    label: "settingMoodCooldown",
    help: "settingMoodCooldownHelp",
    low: 1,
    high: 1_440,
    step: 1,
  },
} as const satisfies Partial<Record<SettingName, NumberField>>;
export type NumberName = keyof typeof NUMBERS;

export function draftOf(settings: Settings): Draft {
  const entries = Object.entries(settings).map(([name, value]) => [
    name,
    typeof value === "boolean" ? value : String(value),
  ]);
  return Object.fromEntries(entries) as Draft;
}

/** Take into a draft what another page has stored meanwhile; what was typed here stays. */
export function followed(draft: Draft, before: Settings, after: Settings): Draft {
  const [old, now] = [draftOf(before), draftOf(after)];
  const names = Object.keys(DEFAULTS) as SettingName[];
  const entries = names.map((name) => [name, draft[name] === old[name] ? now[name] : draft[name]]);
  return Object.fromEntries(entries) as Draft;
}

/** Return the value that was typed if it fits its setting, else null. */
export function typedValue<Name extends SettingName>(draft: Draft, name: Name): Settings[Name] | null {
  const typed = draft[name];
  const isNumber = isNumberName(name) && typed !== "";
  return checkSetting(name, isNumber ? Number(typed) : typed);
}

/** Say what a field wants, or return undefined if it has it. */
export function wrongOf(draft: Draft, name: SettingName, words: Catalogue): string | undefined {
  return typedValue(draft, name) === null ? wantedOf(name, words) : undefined;
}

/** Read what was typed; `value` is null when anything does not fit, and `wrong` says what. */
export function settingsOf(
  draft: Draft,
  words: Catalogue,
): { readonly value: Settings | null; readonly wrong: Wrong } {
  const names = Object.keys(DEFAULTS) as SettingName[];
  const problems = names.flatMap((name) => {
    const problem = wrongOf(draft, name, words);
    return problem === undefined ? [] : [[name, problem] as const];
  });
  if (problems.length > 0) return { value: null, wrong: Object.fromEntries(problems) };
  const values = names.map((name) => [name, typedValue(draft, name)]);
  return { value: Object.fromEntries(values) as Settings, wrong: {} };
}

function wantedOf(name: SettingName, { t, integer }: Catalogue): string {
  if (name === "server") return t("wrongServer", { example: DEFAULT_SERVER });
  if (!isNumberName(name)) return t("wrongValue", { wanted: t("wrongToken") });
  const { low, high, step } = NUMBERS[name];
  const wanted =
    step === 1
      ? t("wrongNumber", { low: integer(low), high: integer(high) })
      : t("wrongDecimal", { low, high });
  return t("wrongValue", { wanted });
}

function isNumberName(name: SettingName): name is NumberName {
  return name in NUMBERS;
}
