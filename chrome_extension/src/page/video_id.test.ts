// @vitest-environment node
import { expect, it } from "vitest";

import { commentAddress, videoIdOfPage } from "./video_id.ts";

const ID = "abcdefghij1";

it.each([
  [`https://www.youtube.com/watch?list=PL1&v=${ID}&t=3s`, ID],
  [`https://www.youtube.com/shorts/${ID}`, ID],
  [`https://www.youtube.com/live/${ID}?feature=share`, ID],
  ["https://www.youtube.com/", null],
  ["https://www.youtube.com/watch?v=short", null],
  [`https://www.youtube.com/playlist?v=${ID}`, null],
  [`https://example.org/watch?v=${ID}`, null],
  ["nonsense", null],
  [undefined, null],
])("finds the video of %j", (address, id) => {
  expect(videoIdOfPage(address)).toBe(id);
});

it("names a comment and the moment", () => {
  expect(commentAddress(ID, "Ugx.9", 61.7)).toBe(
    `https://www.youtube.com/watch?v=${ID}&lc=Ugx.9&t=61s`,
  );
});
