import { act } from "preact/test-utils";
import { expect, it } from "vitest";

import { Problem } from "../../service/problem.ts";
import type { Comparison } from "../state/contract.ts";
import { Compare } from "./compare.tsx";
import { button, draw, press, type } from "./drawing.ts";
import { fakeModel, type Start } from "./fake_model.ts";
import { sampleAnalysis } from "./sample_data.ts";

async function compare(start: Start = {}) {
  const model = fakeModel(start);
  return { root: await draw(<Compare model={model} analysis={sampleAnalysis()} />), model };
}
type Ready = Extract<Comparison, { kind: "ready" }>;
const ready = (change: Partial<Ready> = {}): Ready => ({
  kind: "ready",
  video: "other",
  analysis: sampleAnalysis(),
  isPartial: false,
  isStale: false,
  problem: null,
  ...change,
});
const against = (mean: number, half: number): Start => ({
  comparison: ready({
    analysis: sampleAnalysis({ score: { mean, low: mean - half, high: mean + half } }),
  }),
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

it("says that the other side is from earlier, how old it is, and that it is being read again", async () => {
  const { root } = await compare({ comparison: ready({ isStale: true }) });
  const text = root.querySelectorAll(".side-card")[1]?.textContent;
  expect(text).toContain("This is from earlier. It is being read again.");
  expect(text).toContain("Read from YouTube 3 minutes ago");
});

it("says that more comments of the other side are coming", async () => {
  const { root } = await compare({ comparison: ready({ isPartial: true }) });
  expect(root.textContent).toContain("More comments are coming in");
});

it("says why the other side could not be read again, beside what is kept of it", async () => {
  const problem = new Problem("quota_exceeded");
  const { root } = await compare({ comparison: ready({ isStale: true, problem }) });
  expect(root.textContent).toContain("Today's YouTube quota is spent");
  expect(root.textContent).toContain("The other video's numbers are from earlier.");
  expect(root.querySelectorAll(".side-card")).toHaveLength(2);
  expect(root.querySelector(".spinner")).toBeNull();
});

it("compares no two models", async () => {
  const model = { name: "starter", digest: "another" };
  const { root } = await compare({ comparison: ready({ analysis: sampleAnalysis({ model }) }) });
  expect(root.querySelector(".compare-words")?.textContent).toContain("Different models");
});

it.each([["clearly apart", against(-0.18, 0.1)], ["close", against(0.33, 0.1)]])(
  "compares no page's loaded comments with a whole video, though the scores are %s",
  async (_, start) => {
    const { root, model } = await compare({ ...start, source: "page" });
    const said = () => root.querySelector(".compare-words")?.textContent;
    expect(said()).toBe(
      "Only comments loaded on this page were read here, so the two videos can't be compared.",
    );
    expect(root.querySelectorAll(".side-card")).toHaveLength(2);
    await act(() => void (model.source.value = "service"));
    expect(said()).not.toContain("loaded on this page");
  },
);

it("keeps the focus where the comparison is, and gives it back to the field", async () => {
  const { root, model } = await compare();
  const input = root.querySelector("input") as HTMLInputElement;
  await type(input, "gallery0002");
  input.focus();
  await act(() => {
    model.comparison.value = { kind: "loading", video: "gallery0002" };
  });
  expect(document.activeElement?.getAttribute("aria-label")).toBe("Compare");
  await act(() => {
    model.comparison.value = ready();
  });
  expect(document.activeElement?.getAttribute("aria-label")).toBe("Compare");
  const again = button(root, "Compare with another");
  again.focus();
  await press(again);
  expect(document.activeElement).toBe(root.querySelector("input"));
});
