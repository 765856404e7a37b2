/**
 * The panel's words, by key, in the language of the settings.
 *
 * The messages are Chrome's own files, `_locales/LANGUAGE/messages.json`, read at build time:
 * `chrome.i18n` follows the browser's language only and is absent from the demo page. `{name}` in a
 * message is filled in; a key with the endings `_one` and `_other` is a plural over `count`.
 */

import de from "../../_locales/de/messages.json" with { type: "json" };
import en from "../../_locales/en/messages.json" with { type: "json" };

export const LANGUAGES = ["en", "de"] as const;
export type Language = (typeof LANGUAGES)[number];

type FileKey = Exclude<keyof typeof en, "extName" | "extShortName" | "extDescription" | "extAction">;
type PluralKey = FileKey extends infer Key
  ? Key extends `${infer Base}_other`
    ? Base
    : never
  : never;
/** Every key that `t` takes. */
export type MessageKey = Exclude<FileKey, `${string}_one` | `${string}_other`> | PluralKey;
export type Values = Readonly<Record<string, string | number>>;

type Messages = Readonly<Record<string, { readonly message: string } | undefined>>;
const CATALOGUES: Readonly<Record<Language, Messages>> = { en, de };

export interface Catalogue {
  readonly language: Language;
  /** `ltr` for both languages so far; comments have a direction of their own. */
  readonly direction: "ltr" | "rtl";
  /** Return the words of a key; numbers among the values are written in the language. */
  t(key: MessageKey, values?: Values): string;
  /** For instance "1,204". */
  integer(count: number): string;
  /** For instance "1.2K". */
  compact(count: number): string;
  /** "<1%" rather than a zero that is none, ">99%" rather than a whole that is none. */
  percent(share: number): string;
  /** Signed, two decimals, with a real minus. */
  signed(score: number): string;
  /** For instance "Jan 2, 2026". */
  day(date: Date): string;
  /** Date and time of day. */
  moment(date: Date): string;
  /** For instance "3 hours ago". */
  ago(seconds: number): string;
}

/** Return the language to use: the one that is set, else the first of the browser's that we have. */
export function languageOf(
  setting: Language | "auto",
  preferred: readonly string[] = navigator.languages,
): Language {
  if (setting !== "auto") return setting;
  for (const tag of preferred) {
    const found = LANGUAGES.find((language) => tag.toLowerCase().split("-")[0] === language);
    if (found) return found;
  }
  return "en";
}

export function catalogue(language: Language): Catalogue {
  const messages = CATALOGUES[language];
  const plural = new Intl.PluralRules(language);
  const integers = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  const compacts = new Intl.NumberFormat(language, {
    notation: "compact",
    maximumFractionDigits: 1,
  });
  const percents = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
  const scores = new Intl.NumberFormat(language, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  const days = new Intl.DateTimeFormat(language, { dateStyle: "medium" });
  const moments = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });

  const raw = (key: string): string | undefined =>
    messages[key]?.message ?? CATALOGUES.en[key]?.message;

  return {
    language,
    direction: "ltr",
    t(key, values = {}) {
      const count = values.count;
      const form = typeof count === "number" ? `${key}_${plural.select(count)}` : key;
      const words = raw(form) ?? raw(`${key}_other`) ?? raw(key) ?? key;
      return words.replace(/\{(\w+)\}/g, (hole, name: string) => {
        const value = values[name];
        if (value === undefined) return hole;
        return typeof value === "number" ? numbers.format(value) : value;
      });
    },
    integer: (count) => integers.format(count),
    compact: (count) => compacts.format(count),
    percent(share) {
      if (share > 0 && share < 0.005) return `<${percents.format(0.01)}`;
      if (share >= 0.995 && share < 1) return `>${percents.format(0.99)}`;
      return percents.format(share);
    },
    signed(score) {
      const digits = scores.format(Math.abs(score));
      if (Math.abs(score) < 0.005) return digits;
      return `${score < 0 ? "−" : "+"}${digits}`;
    },
    day: (date) => days.format(date),
    moment: (date) => moments.format(date),
    ago(seconds) {
      const past = Math.max(0, seconds);
      if (past < 60) return relative.format(-Math.round(past), "second");
      if (past < 3_600) return relative.format(-Math.round(past / 60), "minute");
      if (past < 86_400) return relative.format(-Math.round(past / 3_600), "hour");
      return relative.format(-Math.round(past / 86_400), "day");
    },
  };
}
