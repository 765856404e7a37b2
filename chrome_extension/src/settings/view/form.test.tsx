import { act } from "preact/test-utils";
import { expect, it, vi } from "vitest";

import { MemoryStore } from "../../host/memory_store.ts";
import { button, draw, press, type } from "../../panel/view/drawing.ts";
import { Problem } from "../../service/problem.ts";
import { catalogue } from "../../text/catalogue.ts";
import { DEFAULTS, exportSettings, loadSettings, saveSettings } from "../settings.ts";
import { SettingsForm } from "./form.tsx";

async function form({
  settings = DEFAULTS,
  isAllowed = true,
  model = async () => ({ name: "starter", digest: "" }),
} = {}) {
  const store = new MemoryStore();
  const requestPermission = vi.fn(async () => isAllowed);
  const surroundings = { store, fixedServer: null, requestPermission, makeClient: () => ({ model }) };
  const root = await draw(
    <SettingsForm settings={settings} words={catalogue("en")} surroundings={surroundings} />,
  );
  const input = (name: string) => root.querySelector(`#${name}`) as HTMLInputElement;
  const note = () => root.querySelector("#settings-note")?.textContent ?? "";
  const save = () => press(button(root, "Save"));
  return { root, store, requestPermission, input, note, save };
}

async function choose(input: HTMLInputElement, text: string): Promise<void> {
  Object.defineProperty(input, "files", { value: [new File([text], "settings.json")] });
  await act(() => void input.dispatchEvent(new Event("change", { bubbles: true })));
}

it("stores what fits, after asking for leave", async () => {
  const { store, requestPermission, input, note, save } = await form();
  await type(input("server"), "sentiment.example");
  await type(input("maxComments"), "250");
  await save();
  await vi.waitFor(() => expect(note()).toBe("Saved."));
  expect(requestPermission).toHaveBeenCalledWith("https://sentiment.example");
  expect(await loadSettings(store)).toMatchObject({
    server: "https://sentiment.example",
    maxComments: 250,
  });
});

it.each([
  ["server", "http://elsewhere.example", "Wanted an address like"],
  ["maxComments", "0", "Wanted a whole number from 1 to 10,000."],
  ["maxComments", "", "Wanted a whole number from 1 to 10,000."],
  ["moodThreshold", "3", "Wanted a number from 0.05 to 2."],
  ["token", "with space", "Wanted letters, digits and signs without spaces."],
])("says beside the field %s that %j does not fit, and stores nothing", async (name, text, said) => {
  const { root, store, input, note, save } = await form();
  await type(input(name), text);
  await save();
  expect(root.querySelector(`#${name}-wrong`)?.textContent).toContain(said);
  expect(input(name).getAttribute("aria-describedby")).toContain(`${name}-wrong`);
  expect(input(name).getAttribute("aria-invalid")).toBe("true");
  expect(document.activeElement).toBe(input(name));
  expect(note()).toBe("1 field does not fit. Nothing was saved.");
  expect(await store.get("settings")).toBeUndefined();
});

it("checks a field as soon as it is left", async () => {
  const { root, input } = await form();
  await type(input("livePollSeconds"), "1");
  await act(() => void input("livePollSeconds").dispatchEvent(new FocusEvent("blur")));
  expect(root.querySelector("#livePollSeconds-wrong")?.textContent).toContain("15 to 3,600");
});

it("stores nothing without leave", async () => {
  const { store, note, save } = await form({ isAllowed: false });
  await save();
  await vi.waitFor(() => expect(note()).toContain("Without your leave"));
  expect(await store.get("settings")).toBeUndefined();
});

it("leaves what the panel has set meanwhile, and what is typed here", async () => {
  const { root, store, input, note, save } = await form();
  await type(input("maxComments"), "250");
  await act(() => saveSettings(store, { ...DEFAULTS, marks: true, maxComments: 300, order: "relevance" }));
  expect(root.querySelector("[role=switch]")?.getAttribute("aria-checked")).toBe("true");
  expect(input("maxComments").value).toBe("250");
  await save();
  await vi.waitFor(() => expect(note()).toBe("Saved."));
  expect(await loadSettings(store)).toEqual({
    ...DEFAULTS,
    marks: true,
    maxComments: 250,
    order: "relevance",
  });
});

it("follows what is stored after it has saved, too", async () => {
  const { store, input, note, save } = await form();
  await type(input("maxComments"), "250");
  await save();
  await vi.waitFor(() => expect(note()).toBe("Saved."));
  await act(() => saveSettings(store, { ...DEFAULTS, maxComments: 300 }));
  expect(input("maxComments").value).toBe("300");
});

it("says which model answers", async () => {
  const { root, note } = await form();
  await press(button(root, "Test the server"));
  await vi.waitFor(() => expect(note()).toBe("It answers. Model: starter."));
});

it("says why no server answers", async () => {
  const model = () => Promise.reject(new Problem("server_unreachable"));
  const { root, note } = await form({ model });
  await press(button(root, "Test the server"));
  await vi.waitFor(() => expect(note()).toContain("No answer from the server."));
});

it("imports a file into the form", async () => {
  const { root, input, note } = await form();
  const file = exportSettings({ ...DEFAULTS, maxComments: 77 });
  await choose(root.querySelector("input[type=file]") as HTMLInputElement, file);
  await vi.waitFor(() => expect(note()).toContain("Imported into the form."));
  expect(input("maxComments").value).toBe("77");
});

it("says that a file for another server leaves the token out", async () => {
  const { root, input, note } = await form({ settings: { ...DEFAULTS, token: "mine" } });
  const file = exportSettings({ ...DEFAULTS, server: "https://elsewhere.example" });
  await choose(root.querySelector("input[type=file]") as HTMLInputElement, file);
  await vi.waitFor(() => expect(note()).toContain("without the token, which is another server's"));
  expect(input("server").value).toBe("https://elsewhere.example");
  expect(input("token").value).toBe("");
});

it("imports nothing of a file that does not fit", async () => {
  const { root, input, note } = await form();
  const file = exportSettings({ ...DEFAULTS, maxComments: -1 });
  await choose(root.querySelector("input[type=file]") as HTMLInputElement, file);
  await vi.waitFor(() => expect(note()).toContain("maxComments"));
  expect(input("maxComments").value).toBe("500");
});

it("hides the token until asked", async () => {
  const { root, input } = await form();
  expect(input("token").type).toBe("password");
  await press(button(root, "Show Access token"));
  expect(input("token").type).toBe("text");
});
