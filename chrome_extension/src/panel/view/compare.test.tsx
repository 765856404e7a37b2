import { expect, it } from "vitest";

import { Compare } from "./compare.tsx";
import { button, draw, press, type } from "./drawing.ts";
import { fakeModel, type Start } from "./fake_model.ts";
import { sampleAnalysis } from "./sample_data.ts";

async function compare(start: Start = {}) {
  const model = fakeModel(start);
  return { root: await draw(<Compare model={model} analysis={sampleAnalysis()} />), model };
}
const against = (mean: number, half: number): Start => ({
  comparison: {
    kind: "ready",
    video: "other",
    analysis: sampleAnalysis({ score: { mean, low: mean - half, high: mean + half } }),
  },
});

it("compares with what is typed", async () => {
  const { root, model } = await compare();
  await type(root.querySelector("input") as HTMLInputElement, " https://youtu.be/gallery0002 ");
  await press(button(root, "Compare"));
  expect(model.calls).toEqual([["compareWith", "https://youtu.be/gallery0002"]]);
});

it("says beside the field that an address is missing", async () => {
  const { root, model } = await compare();
  await press(button(root, "Compare"));
  expect(model.calls).toEqual([]);
  expect(root.querySelector(".wrong")?.textContent).toContain("is wanted");
  expect(root.querySelector("input")?.getAttribute("aria-invalid")).toBe("true");
});

it("offers videos that were looked at before", async () => {
  const { root, model } = await compare({ knownVideos: [{ videoId: "v2", title: "Trailer" }] });
  await press(button(root, "Trailer"));
  expect(model.calls).toEqual([["compareWith", "v2"]]);
});

it.each([
  [against(-0.18, 0.1), "This video is liked better: by 0.49"],
  [against(0.6, 0.1), "The other video is liked better: by 0.29"],
  [against(0.33, 0.1), "too close to tell apart"],
])("says in a sentence how they differ", async (start, sentence) => {
  const { root } = await compare(start);
  expect(root.textContent).toContain(sentence);
});

it("goes back to the choice", async () => {
  const { root, model } = await compare(against(0, 0.1));
  await press(button(root, "Compare with another"));
  expect(model.calls).toEqual([["endComparison"]]);
  expect(root.querySelector("form")).not.toBeNull();
});
