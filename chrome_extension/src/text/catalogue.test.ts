// @vitest-environment node
import { describe, expect, it } from "vitest";

import de from "../../_locales/de/messages.json" with { type: "json" };
import en from "../../_locales/en/messages.json" with { type: "json" };
import { Problem, SERVICE_CODES, PANEL_CODES } from "../service/problem.ts";
import { catalogue, languageOf } from "./catalogue.ts";
import { problemWords } from "./problem_words.ts";

const HOLES = /\{\w+\}/g;

describe("catalogue", () => {
  it("has the same messages with the same holes in each language", () => {
    const holes = (all: Record<string, { message: string }>) =>
      Object.entries(all).map(([key, { message }]) => [key, message.match(HOLES)?.sort() ?? []]);
    expect(holes(de)).toEqual(holes(en));
  });

  it("fills in values and never reads them again", () => {
    const { t } = catalogue("en");
    expect(t("between", { low: "{high}", high: "+0.3" })).toBe("between {high} and +0.3");
  });

  it.each([
    ["en", 1, "1 comment shown."],
    ["en", 1_204, "1,204 comments shown."],
    ["de", 1, "1 Kommentar angezeigt."],
    ["de", 1_204, "1.204 Kommentare angezeigt."],
  ] as const)("counts in %s: %i", (language, count, words) => {
    expect(catalogue(language).t("shown", { count })).toBe(words);
  });

  it("writes numbers as a layman reads them", () => {
    const { percent, signed } = catalogue("en");
    expect([percent(0), percent(0.001), percent(0.5)]).toEqual(["0%", "<1%", "50%"]);
    expect([signed(0.001), signed(-0.25), signed(0.3)]).toEqual(["0.00", "−0.25", "+0.30"]);
  });

  it.each([
    ["en", ["0%", "<1%", "99%", ">99%", ">99%", "100%"]],
    ["de", ["0\u00a0%", "<1\u00a0%", "99\u00a0%", ">99\u00a0%", ">99\u00a0%", "100\u00a0%"]],
  ] as const)("calls no share none or all that is neither, in %s", (language, written) => {
    const { percent } = catalogue(language);
    expect([0, 1 / 500, 0.99, 0.995, 499 / 500, 1].map(percent)).toEqual(written);
  });

  it.each([
    [["de-AT", "en"], "de"],
    [["fr", "en-GB"], "en"],
    [[], "en"],
  ] as const)("follows the browser: %j", (preferred, language) => {
    expect(languageOf("auto", preferred)).toBe(language);
    expect(languageOf("de", preferred)).toBe("de");
  });
});

describe("problemWords", () => {
  it.each([...SERVICE_CODES, ...PANEL_CODES])("has words for %s", (code) => {
    const { title, text, advice } = problemWords(new Problem(code), catalogue("de"));
    expect([title, text, advice].every((words) => words !== "" && !/^problem/.test(words))).toBe(true);
  });

  it.each([...SERVICE_CODES, ...PANEL_CODES].filter((code) => code !== "unknown"))(
    "says %s in the viewer's language, whatever the service says",
    (code) => {
      const said = { status: 401, message: "Its English.", advice: "Set THE_VARIABLE." };
      for (const language of ["en", "de"] as const) {
        const words = problemWords(new Problem(code, said), catalogue(language));
        expect(words).toEqual(problemWords(new Problem(code), catalogue(language)));
        expect(words.quoted).toBe("");
      }
    },
  );

  it("quotes the service on what it has no words for", () => {
    const said = { status: 418, message: "It said no.", advice: "Do better." };
    const { text, quoted } = problemWords(new Problem("unknown", said), catalogue("de"));
    expect(text).toBe("Der Server antwortete mit Status 418.");
    expect(quoted).toBe("It said no. Do better.");
  });

  it("keeps the seconds that only the service knows", () => {
    const problem = new Problem("rate_limited", { message: "m", retryAfterSeconds: 42 });
    expect(problemWords(problem, catalogue("de")).advice).toContain("42 Sekunden");
    expect(problemWords(new Problem("rate_limited"), catalogue("de")).advice).not.toMatch(/\d/);
  });
});
