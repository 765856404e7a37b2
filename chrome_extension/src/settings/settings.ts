/** What a viewer can set: defaults, limits, storing, and files to take along. */

import * as v from "valibot";

import type { Store, Unsubscribe } from "../host/host.ts";
import { DEFAULT_SERVER, serverOrigin } from "./server_address.ts";

export const SETTINGS_KEY = "settings";
const FILE_KIND = "youtube-sentiment-settings";
const FILE_VERSION = 1;

const whole = (low: number, high: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(low), v.maxValue(high));

/** Each field alone; a field that is wrong never costs the others. */
export const FIELDS = {
  /** Origin of the service. */
  server: v.pipe(
    v.string(),
    v.check((text) => serverOrigin(text) !== null),
    v.transform((text) => serverOrigin(text) ?? DEFAULT_SERVER),
  ),
  /** Bearer token; a secret. Printable ASCII, as a header takes it. */
  token: v.pipe(v.string(), v.trim(), v.maxLength(4_096), v.regex(/^[\x21-\x7e]*$/)),
  maxComments: whole(1, 10_000),
  order: v.picklist(["time", "relevance"]),
  theme: v.picklist(["auto", "light", "dark"]),
  language: v.picklist(["auto", "en", "de"]),
  livePollSeconds: whole(15, 3_600),
  /** By how much the score must turn, on its scale from -1 to +1. */
  moodThreshold: v.pipe(v.number(), v.minValue(0.05), v.maxValue(2)),
  moodCooldownMinutes: whole(1, 1_440),
  /** Marks beside the comments on the page. */
  marks: v.boolean(),
} as const;

const SettingsSchema = v.object(FIELDS);
export type Settings = Readonly<v.InferOutput<typeof SettingsSchema>>;
export type SettingName = keyof Settings;

export const DEFAULTS: Settings = {
  server: DEFAULT_SERVER,
  token: "",
  maxComments: 500,
  order: "time",
  theme: "auto",
  language: "auto",
  livePollSeconds: 60,
  moodThreshold: 0.25,
  moodCooldownMinutes: 360,
  marks: false,
};
const NAMES = Object.keys(DEFAULTS) as SettingName[];

/** Return the value if it fits its setting, else null. */
export function checkSetting<Name extends SettingName>(
  name: Name,
  value: unknown,
): Settings[Name] | null {
  const read = v.safeParse(FIELDS[name], value);
  return read.success ? (read.output as Settings[Name]) : null;
}

/** Read what was stored: a field that is missing or wrong has its default. */
export function readSettings(stored: unknown): Settings {
  const record = v.safeParse(v.record(v.string(), v.unknown()), stored);
  const found = record.success ? record.output : {};
  const entries = NAMES.map((name) => [name, checkSetting(name, found[name]) ?? DEFAULTS[name]]);
  return Object.fromEntries(entries) as Settings;
}

export async function loadSettings(store: Store): Promise<Settings> {
  return readSettings(await store.get(SETTINGS_KEY));
}

export async function saveSettings(store: Store, settings: Settings): Promise<void> {
  await store.set(SETTINGS_KEY, v.parse(SettingsSchema, settings));
}

/** Told of the settings after each change, made on whichever page. */
export function onSettingsChange(
  store: Store,
  listener: (settings: Settings) => void,
): Unsubscribe {
  return store.onChange(SETTINGS_KEY, (value) => listener(readSettings(value)));
}

/** Return the settings as a file's text; the token is a secret and stays behind unless wanted. */
export function exportSettings(settings: Settings, { withToken = false } = {}): string {
  const { token, ...others } = settings;
  const kept = withToken ? { ...others, token } : others;
  return `${JSON.stringify({ kind: FILE_KIND, version: FILE_VERSION, settings: kept }, null, 2)}\n`;
}

export type Imported =
  | { readonly ok: true; readonly settings: Settings }
  /** `not_ours`: no file of settings; else the names whose values do not fit. */
  | { readonly ok: false; readonly wrong: "not_ours" | readonly string[] };

const FileSchema = v.object({
  kind: v.literal(FILE_KIND),
  version: v.literal(FILE_VERSION),
  settings: v.record(v.string(), v.unknown()),
});

/**
 * Read a file of settings; all or nothing.
 *
 * @param current what stays for a setting that the file leaves out; of the token, which is a secret
 *     of one server, only where the file names no other
 */
export function importSettings(text: string, current: Settings): Imported {
  const file = v.safeParse(v.pipe(v.string(), v.maxLength(100_000), v.parseJson(), FileSchema), text);
  if (!file.success) return { ok: false, wrong: "not_ours" };
  const given = file.output.settings;
  const wrong = Object.keys(given).filter(
    (name) => !isName(name) || checkSetting(name, given[name]) === null,
  );
  if (wrong.length > 0) return { ok: false, wrong };
  const settings = readSettings({ ...current, ...given });
  const isAnothers = settings.server !== current.server && !("token" in given);
  return { ok: true, settings: isAnothers ? { ...settings, token: "" } : settings };
}

function isName(name: string): name is SettingName {
  return (NAMES as string[]).includes(name);
}
