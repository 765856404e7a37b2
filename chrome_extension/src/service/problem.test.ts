// @vitest-environment node
import { describe, expect, it } from "vitest";

import openapi from "../../../reports/openapi.json" with { type: "json" };
import { SERVICE_CODES, problemOfAnswer } from "./problem.ts";

describe("problemOfAnswer", () => {
  it.each([
    [500, "<h1>Oops</h1>", "unknown", ""],
    [500, null, "unknown", ""],
    [500, ["a"], "unknown", ""],
    [500, { error: "plain words" }, "unknown", "plain words"],
    [500, { error: { code: 7, message: {} } }, "unknown", ""],
    [500, { error: { code: "constructor", message: "odd" } }, "unknown", "odd"],
    [422, { detail: "field required" }, "unknown", "field required"],
    [502, "Bad gateway", "server_unreachable", ""],
    [401, {}, "unauthorized", ""],
    // AWS's gateway, where the key is wrong.
    [403, { message: "Forbidden" }, "forbidden", "Forbidden"],
  ])("reads %i %j", (status, body, code, message) => {
    expect(problemOfAnswer(status, body)).toMatchObject({ status, code, message });
  });

  it("cuts what is too long to show", () => {
    const problem = problemOfAnswer(500, { error: { code: "x", message: "m".repeat(999) } });
    expect(problem.message).toHaveLength(301);
  });

  it.each([
    ["7", 7],
    ["999999", 86_400],
    ["-1", null],
    ["Wed, 21 Oct 2026 07:28:00 GMT", null],
    [null, null],
  ])("reads Retry-After %j", (header, seconds) => {
    expect(problemOfAnswer(429, {}, header).retryAfterSeconds).toBe(seconds);
  });
});

describe("SERVICE_CODES", () => {
  type Answers = Readonly<Record<string, { readonly description: string }>>;
  const paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: Answers }>>>> =
    openapi.paths;
  const named = Object.entries(paths)
    // The panel is no administrator.
    .filter(([path]) => !path.startsWith("/v1/admin/"))
    .flatMap(([, operations]) => Object.values(operations))
    .flatMap(({ responses }) => Object.entries(responses))
    .filter(([status]) => Number(status) >= 400)
    .flatMap(([, { description }]) => [...description.matchAll(/`(\w+)`/g)].map(([, code]) => code));

  it.each([...new Set(named)])("has %s, which the service's document names", (code) => {
    expect(SERVICE_CODES).toContain(code);
  });

  it("is held against a document that names codes", () => {
    expect(named).toContain("page_not_allowed");
  });
});
