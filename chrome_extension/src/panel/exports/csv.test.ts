import { expect, test } from "vitest";

import { analysisOf, comment } from "../state/pretend.ts";
import { analysisCsv } from "./csv.ts";

const AT = new Date("2026-03-04T05:06:07Z");

/** Read a table as RFC 4180 says, for tests. */
function read(text: string): string[][] {
  const rows: string[][] = [];
  let isClosed = true;
  for (const [, quoted, plain = "", end] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g,
  )) {
    if (isClosed) rows.push([]);
    rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    isClosed = end === "\r\n";
  }
  return rows;
}

const SECRET = "words that somebody wrote";
const analysis = analysisOf([comment("UgId1", { text: SECRET })], {
  video: { title: 'He said "hi",\nthen left', comment_count: 10, is_live: false },
  intents: { question: 3 },
  score: { mean: -0.25, low: -0.5, high: 0 },
});
const withTitle = (title: string) =>
  analysisOf([], { video: { title, comment_count: null, is_live: null } });

test("every row has every column, and lines end as the RFC says", () => {
  const { text } = analysisCsv(analysis, "service", AT);
  expect(text.startsWith("\uFEFFsection,item,measure,value,low,high,comments\r\n")).toBe(true);
  expect(text.endsWith("\r\n")).toBe(true);
  const rows = read(text.slice(1));
  expect(rows.length).toBeGreaterThan(30);
  expect(new Set(rows.map(({ length }) => length))).toEqual(new Set([7]));
});

test("numbers, intervals and quoted texts come back as they were", () => {
  const rows = read(analysisCsv(analysis, "service", AT).text.slice(1));
  expect(rows).toContainEqual(["all", "", "score", "-0.25", "-0.5", "0", "1"]);
  expect(rows).toContainEqual(["intents", "question", "comments", "3", "", "", ""]);
  expect(rows).toContainEqual(["about", "", "title", 'He said "hi",\nthen left', "", "", ""]);
});

test("no comment and no comment's id is in it", () => {
  const { text } = analysisCsv(analysis, "service", AT);
  expect(text).not.toContain(SECRET);
  expect(text).not.toContain("UgId1");
});

test("it says where the comments came from", () => {
  expect(analysisCsv(analysis, "page", AT).text).toContain("about,,source,page,");
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "＝1+1", "\u200b=1", "\r=1"])(
  "a title that a spreadsheet would run is made harmless: %j",
  (title) => {
    const rows = read(analysisCsv(withTitle(title), "service", AT).text.slice(1));
    const row = rows.find(([, , measure]) => measure === "title");
    expect(row?.[3]?.startsWith("'")).toBe(true);
    expect(row?.[3]?.replaceAll("'", "")).toBe(title);
  },
);

test.each([
  "x;=HYPERLINK(A1;1)",
  "x\t=1+1",
  "x; \u200b+1",
  'x;"=1"',
  "x|@SUM(A1)",
  "x\n-1",
  ";;=1",
  "x;＝1",
])("no part of a title is run by a program that ends its cells elsewhere: %j", (title) => {
  const { text } = analysisCsv(withTitle(title), "service", AT);
  const line = text.slice(text.indexOf("about,,title,"), text.indexOf("about,,source,"));
  // As German Excel does: a quote in the middle of a cell is a letter like any other.
  for (const piece of line.split(/[,;|\t\r\n]/)) {
    expect(piece.replace(/^[\s\p{Cf}"]+/u, "")).not.toMatch(/^[=+\-@＝＋－＠]/);
  }
  const row = read(text.slice(1)).find(([, , measure]) => measure === "title");
  expect(row?.[3]?.replaceAll("'", "")).toBe(title);
});

test("a cell with a semicolon or a tab is quoted", () => {
  expect(analysisCsv(withTitle("a;b"), "service", AT).text).toContain(',"a;b",');
  expect(analysisCsv(withTitle("a\tb"), "service", AT).text).toContain(',"a\tb",');
});

test("the name holds video and day, and nothing that a file's name may not", () => {
  expect(analysisCsv(analysis, "service", AT).name).toBe("sentiment-aaaaaaaaaaa-2026-03-04.csv");
  const odd = analysisOf([], { video_id: "../../etc" });
  expect(analysisCsv(odd, "service", AT).name).toBe("sentiment-etc-2026-03-04.csv");
});

test("without an analysis there are only headings", () => {
  expect(read(analysisCsv(null, "service", AT).text.slice(1))).toHaveLength(1);
});
