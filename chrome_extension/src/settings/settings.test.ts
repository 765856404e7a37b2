// @vitest-environment node
import { describe, expect, it } from "vitest";

import { MemoryStore } from "../host/memory_store.ts";
import { serverOrigin } from "./server_address.ts";
import {
  DEFAULTS,
  exportSettings,
  importSettings,
  loadSettings,
  onSettingsChange,
  readSettings,
  saveSettings,
} from "./settings.ts";

describe("serverOrigin", () => {
  it.each([
    ["127.0.0.1:4000", "http://127.0.0.1:4000"],
    ["localhost", "http://localhost"],
    [" http://localhost:3000/demo ", "http://localhost:3000"],
    ["https://example.org/x", "https://example.org"],
    ["example.org:8443", "https://example.org:8443"],
  ])("takes %j", (typed, origin) => {
    expect(serverOrigin(typed)).toBe(origin);
  });

  it.each(["", "/", "http://example.org", "http://10.0.0.1", "ftp://127.0.0.1", "https://a:b@c.org"])(
    "refuses %j",
    (typed) => {
      expect(serverOrigin(typed)).toBeNull();
    },
  );
});

describe("settings", () => {
  it("come back as they were saved, to every listener", async () => {
    const store = new MemoryStore();
    const heard: unknown[] = [];
    onSettingsChange(store, (settings) => heard.push(settings.theme));
    await saveSettings(store, { ...DEFAULTS, theme: "dark" });
    expect((await loadSettings(store)).theme).toBe("dark");
    expect(heard).toEqual(["dark"]);
  });

  it.each([undefined, null, 7, [], "x"])("are the defaults where %j is stored", (stored) => {
    expect(readSettings(stored)).toEqual(DEFAULTS);
  });

  it("lose only the field that is wrong", () => {
    const read = readSettings({ maxComments: 0, theme: "dark", server: "http://example.org" });
    expect(read).toEqual({ ...DEFAULTS, theme: "dark" });
  });

  it("are refused when they do not fit", async () => {
    const wrong = { ...DEFAULTS, livePollSeconds: 1 };
    await expect(saveSettings(new MemoryStore(), wrong)).rejects.toThrow();
  });

  it("travel in a file without the token, and keep the one that is here", () => {
    const text = exportSettings({ ...DEFAULTS, theme: "dark", token: "s3cret" });
    expect(text).not.toContain("s3cret");
    const read = importSettings(text, { ...DEFAULTS, token: "mine" });
    expect(read).toEqual({ ok: true, settings: { ...DEFAULTS, theme: "dark", token: "mine" } });
  });

  it("keep the token from a server that a file names", () => {
    const mine = { ...DEFAULTS, token: "mine" };
    const fileFor = (server: string, token: string) =>
      exportSettings({ ...DEFAULTS, server, token }, { withToken: token !== "" });
    const elsewhere = "https://elsewhere.example";
    expect(importSettings(fileFor(elsewhere, ""), mine)).toMatchObject({
      settings: { server: elsewhere, token: "" },
    });
    expect(importSettings(fileFor(elsewhere, "theirs"), mine)).toMatchObject({
      settings: { server: elsewhere, token: "theirs" },
    });
    expect(importSettings(fileFor(`${DEFAULTS.server}/demo`, ""), mine)).toMatchObject({
      settings: { server: DEFAULTS.server, token: "mine" },
    });
  });

  it("take the token along where that is wanted", () => {
    const text = exportSettings({ ...DEFAULTS, token: "s3cret" }, { withToken: true });
    expect(importSettings(text, DEFAULTS)).toMatchObject({ settings: { token: "s3cret" } });
  });

  it.each(["", "{}", "[]", '{"kind":"other"}'])("are not read from %j", (text) => {
    expect(importSettings(text, DEFAULTS)).toEqual({ ok: false, wrong: "not_ours" });
  });

  it("name what does not fit in a file", () => {
    const file = JSON.parse(exportSettings(DEFAULTS)) as { settings: Record<string, unknown> };
    file.settings = { theme: "pink", odd: 1, marks: true };
    const read = importSettings(JSON.stringify(file), DEFAULTS);
    expect(read).toEqual({ ok: false, wrong: ["theme", "odd"] });
  });
});
