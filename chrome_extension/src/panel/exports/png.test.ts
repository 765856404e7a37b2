import { afterEach, expect, it, vi } from "vitest";

import { catalogue } from "../../text/catalogue.ts";
import { sampleAnalysis } from "../view/sample_data.ts";
import { summaryPng } from "./png.ts";

const AT = new Date("2026-03-01T12:00:00Z");
const words = catalogue("en");

/** A canvas that writes down what is written on it. */
function pretendCanvas(): string[] {
  const written: string[] = [];
  const context = {
    fillRect: vi.fn(),
    fillText: (text: string) => written.push(text),
    measureText: (text: string) => ({ width: text.length * 10 }),
  };
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(context as never);
  vi.spyOn(HTMLCanvasElement.prototype, "toBlob").mockImplementation((done) => done(new Blob(["png"])));
  return written;
}

afterEach(() => vi.restoreAllMocks());

it("writes the summary, whose model it is, and that it is not YouTube's", async () => {
  const written = pretendCanvas();
  const analysis = sampleAnalysis({ fetched_at: AT.toISOString() });
  const { name, content } = await summaryPng(analysis, words, "service");
  expect(name).toBe("sentiment-gallery0001-2026-03-01.png");
  expect(content).not.toBeNull();
  const all = written.join("\n");
  for (const part of ["Mostly positive", "+0.31", "51%, give or take 4", "480 of 1,204", "starter"]) {
    expect(all).toContain(part);
  }
  expect(all).toContain("not YouTube data");
});

it.each([
  ["the day of the comments", "2026-02-20T12:00:00Z", "2026-02-20", "Feb 20, 2026"],
  ["today where that is not known", null, "2026-03-01", "Mar 1, 2026"],
])("bears %s", async (_, fetched_at, inName, onPicture) => {
  const written = pretendCanvas();
  const { name } = await summaryPng(sampleAnalysis({ fetched_at }), words, "service", AT);
  expect(name).toContain(inName);
  expect(written.join("\n")).toContain(onPicture);
});

it("says that only the page's comments were counted", async () => {
  const written = pretendCanvas();
  await summaryPng(sampleAnalysis(), words, "page", AT);
  expect(written.join("\n")).toContain("Only the comments loaded on the page.");
});

it("shortens a long title and keeps it from turning the rest around", async () => {
  const written = pretendCanvas();
  const video = { title: `\u202E${"long ".repeat(80)}`, comment_count: 1, is_live: false };
  await summaryPng(sampleAnalysis({ video }), words, "service", AT);
  expect(written[0]).not.toContain("\u202E");
  expect(written[0]?.length).toBeLessThan(130);
  expect(written[0]).toContain("…");
});

it("gives no content where there is no canvas", async () => {
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
  expect((await summaryPng(sampleAnalysis(), words, "service", AT)).content).toBeNull();
});
