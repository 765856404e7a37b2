import { expect, it, vi } from "vitest";

import { catalogue, type Language } from "../../text/catalogue.ts";
import { draw } from "./drawing.ts";
import { fakeModel } from "./fake_model.ts";
import { PanelView } from "./panel_view.tsx";
import { sampleAnalysis } from "./sample_data.ts";

vi.mock("./trend_chart.ts", () => ({ TrendChart: class { update() {} dispose() {} } }));

const USUAL = "Computed by this tool, not YouTube data.";
const STAND_IN = "Computed by this tool from a stand-in of YouTube: the comments may be made up.";

async function shown(notice: string, language: Language = "en") {
  const model = fakeModel({ analysis: sampleAnalysis({ notice }), language });
  const root = await draw(<PanelView model={model} rest={{ title: "", text: "" }} />);
  return {
    box: root.querySelector(".notices .notice-warning")?.textContent,
    foot: root.querySelector("footer .notice")?.textContent,
  };
}

it("warns on top of a result that comments of a stand-in may be made up", async () => {
  const { box, foot } = await shown(STAND_IN);
  expect(box).toBe(`${STAND_IN}Real ones need a server with a key of the YouTube Data API.`);
  expect(foot).toBe(STAND_IN);
});

it("warns in the viewer's language", async () => {
  const { box, foot } = await shown(STAND_IN, "de");
  expect(box).toContain("Die Kommentare können erfunden sein.");
  expect(box).toContain(foot);
});

it("says a notice that it does not know in the service's words", async () => {
  expect(await shown("Beta.")).toEqual({ box: "Beta.", foot: "Beta." });
});

// A result of the page's comments keeps the words of the language that was set then.
it.each([USUAL, "", catalogue("de").t("notice")])("warns of nothing usual: %j", async (notice) => {
  expect(await shown(notice)).toEqual({ box: undefined, foot: USUAL });
  expect((await shown(notice, "de")).box).toBeUndefined();
});
