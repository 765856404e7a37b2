import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Problem } from "../../service/problem.ts";
import { QUIET_MS } from "../state/announcing.ts";
import { createModel } from "../state/model.ts";
import { PretendBrowser, PretendHost, PretendService, VIDEO, started } from "../state/pretend.ts";
import { button, draw } from "./drawing.ts";
import { PanelView } from "./panel_view.tsx";

vi.mock("./trend_chart.ts", () => ({ TrendChart: class { update() {} dispose() {} } }));

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const rest = { title: "Open a video", text: "Then look here." };
const pass = (ms: number) =>
  act(async () => {
    await vi.advanceTimersByTimeAsync(ms);
  });

async function unreachable() {
  const service = new PretendService();
  const host = new PretendHost();
  host.video = VIDEO;
  const model = await createModel(host, { browser: new PretendBrowser(), makeService: () => service });
  const fail = async () => {
    service.lastRun.fail(new Problem("server_unreachable"));
    await pass(0);
  };
  const root = await draw(<PanelView model={model} rest={rest} />);
  await pass(QUIET_MS);
  await fail();
  return { root, model, service, fail };
}

it("stays as it is while the server is asked again by itself", async () => {
  const { root, model, service, fail } = await unreachable();
  const said: string[] = [];
  model.announcement.subscribe((sentence) => said.push(sentence));
  const test = button(root, "Test the connection");
  test.focus();
  expect(root.querySelector("[role=timer]")?.textContent).toBe("Tries again in 0:10");
  for (const seconds of [10, 20, 40]) {
    await pass(seconds * 1_000);
    expect(root.querySelector("[role=timer]")?.textContent).toBe("Trying again…");
    await fail();
    expect(button(root, "Test the connection")).toBe(test);
    expect(document.activeElement).toBe(test);
  }
  expect(service.runs).toHaveLength(4);
  expect(new Set(said)).toEqual(
    new Set(["No answer from the server. The sentiment server can't be reached."]),
  );
  model.dispose();
});

it("says beside the demonstration that its comments are made up", async () => {
  const { root, model } = await unreachable();
  const command = button(root, "make demo").closest(".command");
  expect(command?.nextElementSibling?.textContent).toBe(
    "Shows made-up comments, beside real videos too, unless .env holds a YouTube key.",
  );
  model.dispose();
});

it("gives way as soon as the server says something", async () => {
  const { root, model, service } = await unreachable();
  await pass(10_000);
  service.lastRun.say(started());
  await pass(0);
  expect(root.querySelectorAll(".skeleton")).toHaveLength(4);
  model.dispose();
});

it("says what came of a test, also when that is what was said last", async () => {
  const { root, model, fail } = await unreachable();
  const said: string[] = [];
  model.announcement.subscribe((sentence) => said.push(sentence));
  await act(() => button(root, "Test the connection").click());
  await pass(0);
  await fail();
  await pass(QUIET_MS);
  expect(said).toEqual([
    "No answer from the server. The sentiment server can't be reached.",
    "No answer from the server. The sentiment server can't be reached.\u00a0",
  ]);
  model.dispose();
});
