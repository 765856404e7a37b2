import { beforeEach, describe, expect, it } from "vitest";

import { findComment, readLoadedComments } from "./comments.ts";

const VIDEO = "abcdefghij1";

/** Build a comment as YouTube's page does; `kind` is the element's newer or older name. */
function addComment(
  id: string | null,
  text: string,
  kind = "ytd-comment-view-model",
  page = `/watch?v=${VIDEO}&`,
): HTMLElement {
  const comment = document.createElement(kind);
  const author = document.createElement("a");
  author.href = "/@someone";
  author.textContent = "@someone";
  comment.append(author);
  if (id !== null) {
    const link = document.createElement("a");
    link.setAttribute("href", `${page}lc=${id}`);
    comment.append(link);
  }
  const body = document.createElement("span");
  body.id = "content-text";
  body.textContent = text;
  comment.append(body);
  document.body.append(comment);
  return comment;
}

beforeEach(() => {
  document.body.replaceChildren();
});

describe("readLoadedComments", () => {
  it("reads text and id of both kinds of elements, and no author", () => {
    addComment("Ugx1", "first");
    addComment("Ugx1.9a", " second ", "ytd-comment-renderer");
    expect(readLoadedComments(document, VIDEO)).toEqual([
      { id: "Ugx1", text: "first" },
      { id: "Ugx1.9a", text: "second" },
    ]);
  });

  it("keeps emoji, which the page draws as images, and line breaks", () => {
    const comment = addComment("Ugx1", "so good ");
    const image = document.createElement("img");
    image.alt = "😀";
    comment.querySelector("#content-text")?.append(image, document.createElement("br"), "yes");
    expect(readLoadedComments(document, VIDEO)[0]?.text).toBe("so good 😀\nyes");
  });

  it("skips comments that are empty, hidden, or there twice; keeps one without an id", () => {
    addComment("Ugx1", "once");
    addComment("Ugx1", "once");
    addComment("Ugx2", "  ");
    addComment("Ugx3", "hidden").setAttribute("hidden", "");
    addComment(null, "no link");
    addComment("a b", "odd link");
    expect(readLoadedComments(document, VIDEO)).toEqual([
      { id: "Ugx1", text: "once" },
      { id: null, text: "no link" },
      { id: null, text: "odd link" },
    ]);
  });

  it("skips comments of the video before, which YouTube leaves for a while", () => {
    addComment("Ugx1", "of the last", undefined, "/watch?v=abcdefghij0&");
    addComment("Ugx2", "of this one");
    addComment("Ugx3", "of a short", undefined, `/shorts/${VIDEO}?`);
    addComment("Ugx4", "of the last short", undefined, "/shorts/abcdefghij0?");
    addComment("Ugx5", "its link does not say", undefined, "/watch?");
    expect(readLoadedComments(document, VIDEO).map(({ id }) => id)).toEqual(["Ugx2", "Ugx3", "Ugx5"]);
    expect(readLoadedComments(document, null)).toHaveLength(5);
  });

  it("cuts a text that no comment has", () => {
    addComment("Ugx1", "x".repeat(30_000));
    expect(readLoadedComments(document, VIDEO)[0]?.text).toHaveLength(20_000);
  });
});

it("finds a comment by its id", () => {
  const comment = addComment("Ugx1", "here");
  expect(findComment(document, "Ugx1")).toBe(comment);
  expect(findComment(document, "Ugx2")).toBeNull();
});
