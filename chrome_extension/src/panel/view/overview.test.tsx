import { expect, it, vi } from "vitest";

import { DEFAULTS } from "../../settings/settings.ts";
import { button, draw, named, press } from "./drawing.ts";
import { fakeModel, type Start } from "./fake_model.ts";
import { Overview } from "./overview.tsx";
import { sampleAnalysis } from "./sample_data.ts";

// A canvas is looked at in Chromium; here there is none.
vi.mock("./trend_chart.ts", () => ({ TrendChart: class { update() {} dispose() {} } }));

async function overview(start: Start = {}) {
  const model = fakeModel(start);
  const analysis = model.analysis.value ?? sampleAnalysis();
  const show = vi.fn();
  return { root: await draw(<Overview model={model} analysis={analysis} show={show} />), model, show };
}

it("says the verdict, the score and how sure it is", async () => {
  const { root } = await overview();
  const text = named(root, "section", "Result").textContent;
  expect(text).toContain("Mostly positive");
  expect(text).toContain("51% of those read are positive, give or take 4.");
  expect(text).toContain("+0.31");
  expect(text).toContain("between +0.27 and +0.35");
});

it.each([
  ["en", "of the comments are positive", "of those read are positive"],
  ["de", "der Kommentare sind positiv", "der gelesenen Kommentare sind positiv"],
] as const)("says in %s of which comments it speaks", async (language, all, read) => {
  const without = (empty: number, notEnglish: number) =>
    overview({
      language,
      analysis: sampleAnalysis({ excluded: { empty, not_english: notEnglish } }),
    });
  expect((await without(0, 0)).root.querySelector(".hero-text")?.textContent).toContain(all);
  for (const left of [without(1, 0), without(0, 406)]) {
    expect((await left).root.querySelector(".hero-text")?.textContent).toContain(read);
  }
});

it("says that more comments come only while they do, and not of what is from earlier", async () => {
  const says = async (start: Start) =>
    (await overview(start)).root.textContent?.includes("More comments are coming in");
  expect(await says({ phase: { kind: "streaming" } })).toBe(true);
  expect(await says({ phase: { kind: "loading" }, stale: true })).toBe(false);
  expect(await says({ phase: { kind: "streaming" }, stale: true })).toBe(false);
});

it("says each share in words, not only by a bar", async () => {
  const { root } = await overview();
  const rows = [...root.querySelectorAll(".part-shares li")].map((row) => row.textContent);
  expect(rows).toEqual([
    "Positive 51% give or take 4: show these comments",
    "Neutral 29% give or take 4: show these comments",
    "Negative 20% give or take 3: show these comments",
  ]);
});

it("says how many were analysed, and why not all", async () => {
  const { root } = await overview();
  const text = named(root, "section", "What was counted").textContent;
  expect(text).toContain("480 of 1,204 comments analysed");
  expect(text).toContain("The limit in your settings was reached.");
  expect(text).toContain("118 replies were not read.");
  expect(text).toContain("60 unsure (13%), counted all the same");
  expect(text).toContain("17 not in English (3%), left out");
});

it("says that only the page's comments were counted", async () => {
  const { root } = await overview({ source: "page" });
  expect(root.textContent).toContain("Only the comments loaded on the page.");
  expect(root.textContent).not.toContain("Watch live");
});

it("shows missing numbers as unknown", async () => {
  const none = { share: null, low: null, high: null };
  const { root } = await overview({
    analysis: sampleAnalysis({
      score: { mean: 0.5, low: null, high: null },
      shares: { negative: none, neutral: none, positive: none },
    }),
  });
  expect(named(root, "section", "Result").textContent).toContain("how certain is not known");
  expect(root.querySelector(".shares")?.textContent).toContain("–");
  expect(root.textContent).not.toMatch(/NaN|undefined|null/);
});

it.each([
  ["Negative 20%", { labels: ["negative"] }],
  ["calm", { search: "calm" }],
  ["Question62", { intents: ["question"] }],
  ["Replies", { threads: "replies" }],
])("shows the comments behind %j", async (name, filter) => {
  const { root, show } = await overview();
  await press(button(root, name));
  expect(show).toHaveBeenCalledWith(filter);
});

it("shows the voices of the side that is chosen", async () => {
  const { root } = await overview();
  const voices = () => root.querySelector(".part-voices")?.textContent;
  expect(voices()).toContain("I love how calm this is");
  await press(named(root, ".segment", "Negative").querySelector("input") as HTMLInputElement);
  expect(voices()).toContain("Two adverts in the first minute");
  expect(voices()).not.toContain("I love how calm this is");
});

it("has the trend as a table", async () => {
  const { root } = await overview();
  expect(root.querySelectorAll("table tbody tr")).toHaveLength(12);
});

it("switches watching live and the marks", async () => {
  const { root, model } = await overview();
  const [live, marks] = [...root.querySelectorAll<HTMLElement>("[role=switch]")];
  if (live) await press(live);
  if (marks) await press(marks);
  expect(model.calls).toEqual([["setLive", true], ["setMarks", true]]);
  expect(live?.getAttribute("aria-checked")).toBe("true");
});

it("says that live is about the newest where the most relevant are read otherwise", async () => {
  const { root } = await overview({ settings: { ...DEFAULTS, order: "relevance" } });
  expect(root.textContent).toContain("shows the newest comments instead of the most relevant");
  expect((await overview()).root.textContent).not.toContain("shows the newest comments");
});

it("hands out the numbers as a file", async () => {
  const { root, model } = await overview();
  const made = vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:x");
  await press(button(root, "CSV"));
  expect(made).toHaveBeenCalledOnce();
  expect(model.announcement.value).toBe("Saved as sentiment.csv.");
});

it("says when the picture can't be drawn", async () => {
  const { root } = await overview();
  await press(button(root, "PNG"));
  await vi.waitFor(() => expect(root.textContent).toContain("The picture could not be drawn."));
});
