import { expect, it } from "vitest";

import { piecesOf } from "./time_stamps.ts";

const stampsOf = (text: string) =>
  piecesOf(text).flatMap(({ text: stamp, seconds }) => (seconds === null ? [] : [[stamp, seconds]]));

it.each([
  ["at 0:42 it starts", [["0:42", 42]]],
  ["1:02:03", [["1:02:03", 3_723]]],
  ["75:10 and 3:05.", [["75:10", 4_510], ["3:05", 185]]],
  ["(12:30)", [["12:30", 750]]],
])("finds the time stamps of %j", (text, stamps) => {
  expect(stampsOf(text)).toEqual(stamps);
});

it.each(["12:60", "1:2", "10.000:00", "1:75:00", "99:59:59", "2:3:4:05", "16:9", "no time"])(
  "leaves %j alone",
  (text) => {
    expect(stampsOf(text)).toEqual([]);
  },
);

it("keeps the text as it was", () => {
  const text = "\u202E<b>0:42</b>\u200B 1:00\n";
  expect(piecesOf(text).map((piece) => piece.text).join("")).toBe(text);
});
