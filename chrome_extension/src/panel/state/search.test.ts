import { expect, test } from "vitest";

import { folded } from "./search.ts";

const finds = (text: string, wanted: string) => folded(text).includes(folded(wanted));

test.each([
  ["case", "GREAT video", "Great"],
  ["accents", "Le café d'à côté", "cafe d'a cote"],
  ["accents in the search", "cafe", "Café"],
  ["sharp s", "Große Straße", "STRASSE"],
  ["final sigma", "ΟΔΟΣ", "οδοσ"],
  ["dotted capital i", "İstanbul", "istanbul"],
  ["full width", "ＷＯＷ", "wow"],
  ["precomposed and composed", "Ame\u0301lie", "Am\u00e9lie"],
  ["Arabic vowel marks", "مُحَمَّد", "محمد"],
  ["zero-width characters", "s\u200bc\u200da\u2060m", "scam"],
  ["bidi overrides", "\u202escam\u202c", "scam"],
  ["typographic apostrophe", "I don\u2019t like it", "don't"],
  ["apostrophe that is a letter", "I don\u02bct like it", "don't"],
  ["accent for an apostrophe", "I don\u00b4t like it", "don't"],
  ["apostrophe in the search", "I don't like it", "don\u2018t"],
  ["spaces and line breaks", "one\n  two", "one two"],
])("finds whatever the %s", (_, text, wanted) => {
  expect(finds(text, wanted)).toBe(true);
});

test.each([
  ["a search is no pattern", "abc", "a.c"],
  ["Hindi vowel signs make words", "किताब", "कताब"],
  ["Japanese voicing makes words", "が", "か"],
])("%s", (_, text, wanted) => {
  expect(finds(text, wanted)).toBe(false);
});

test("signs of patterns are found as they stand", () => {
  expect(finds("what (the) [heck]?*", "(the) [heck]?*")).toBe(true);
});
