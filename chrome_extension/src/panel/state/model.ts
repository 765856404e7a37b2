/**
 * The model behind the panel so far: which video, its analysis as it grows, problems.
 *
 * Owns the order of requests: an answer that comes after another video was chosen is dropped.
 */

import { batch, computed, signal } from "@preact/signals";

import type { Host } from "../../host/host.ts";
import { ServiceClient } from "../../service/client.ts";
import type { AnalysisEvent } from "../../service/events.ts";
import { Problem, asProblem } from "../../service/problem.ts";
import type { Analysis, Comment } from "../../service/wire.ts";
import { loadSettings, onSettingsChange, type Settings } from "../../settings/settings.ts";
import { catalogue, languageOf } from "../../text/catalogue.ts";
import type { PanelModel, Phase } from "./contract.ts";

/** What of `PanelModel` is there. */
export type BasicModel = Pick<
  PanelModel,
  | "settings"
  | "words"
  | "videoId"
  | "phase"
  | "analysis"
  | "comments"
  | "retry"
  | "show"
  | "announcement"
  | "announce"
  | "openSettings"
  | "dispose"
>;

export type MakeClient = (settings: Settings) => ServiceClient;

/** Make the model and begin with the host's video. */
export async function createModel(host: Host, makeClient?: MakeClient): Promise<BasicModel> {
  const settings = signal(await loadSettings(host.settings));
  const words = computed(() => catalogue(languageOf(settings.value.language)));
  const videoId = signal<string | null>(null);
  const phase = signal<Phase>({ kind: "resting" });
  const analysis = signal<Analysis | null>(null);
  const comments = signal<readonly Comment[]>([]);
  const announcement = signal("");
  let underWay = new AbortController();

  const clientFor: MakeClient =
    makeClient ??
    (({ server, token }) =>
      new ServiceClient({
        origin: host.fixedServer ?? server,
        token: host.fixedServer === null ? token : "",
      }));

  const take = (event: AnalysisEvent, seen: Map<string, Comment>): void => {
    if (event.kind === "started") seen.clear();
    if (event.kind === "interrupted") {
      phase.value = { kind: "interrupted", waitSeconds: event.waitSeconds };
    }
    if (event.kind === "comments") {
      // A comment without an id can't be replaced by a later one.
      for (const comment of event.comments) seen.set(comment.id || `#${seen.size}`, comment);
    }
    if (event.kind === "analysis") {
      batch(() => {
        analysis.value = event.analysis;
        comments.value = [...seen.values()];
        phase.value = { kind: "streaming" };
      });
      host.commentsKnown(comments.value);
    }
  };

  const follow = async (video: string): Promise<void> => {
    underWay.abort();
    underWay = new AbortController();
    const { signal: gone } = underWay;
    const mine = underWay;
    const seen = new Map<string, Comment>();
    batch(() => {
      videoId.value = video;
      analysis.value = null;
      comments.value = [];
      phase.value = { kind: "loading" };
      announcement.value = words.value.t("reading");
    });
    try {
      const client = clientFor(settings.value);
      if (!(await host.hasServerPermission(client.origin))) throw new Problem("permission_missing");
      const { maxComments, order } = settings.value;
      for await (const event of client.analyse(video, { maxComments, order, signal: gone })) {
        if (mine !== underWay) return;
        take(event, seen);
      }
      if (mine !== underWay) return;
      if (analysis.value === null) throw new Problem("unexpected_answer");
      phase.value = { kind: "complete" };
    } catch (error) {
      if (mine !== underWay) return;
      const problem = asProblem(error);
      if (problem !== error) console.error(error);
      phase.value = { kind: "problem", problem, retryAt: null };
    }
  };

  const rest = (): void => {
    underWay.abort();
    underWay = new AbortController();
    batch(() => {
      videoId.value = null;
      analysis.value = null;
      comments.value = [];
      phase.value = { kind: "resting" };
      announcement.value = "";
    });
  };

  const onVideo = (video: string | null): void => {
    if (video === null) rest();
    else void follow(video);
  };
  const ends = [
    host.onVideoChange((video) => {
      // The same video again is news only where a viewer asked for it.
      if (host.kind === "demo" || video !== videoId.value) onVideo(video);
    }),
    onSettingsChange(host.settings, (changed) => {
      const before = settings.value;
      settings.value = changed;
      const sameAnswer = (["server", "token", "maxComments", "order"] as const).every(
        (name) => before[name] === changed[name],
      );
      if (!sameAnswer && videoId.value !== null) void follow(videoId.value);
    }),
  ];
  const first = await host.currentVideo();
  if (first !== null && videoId.value === null) void follow(first);

  return {
    settings,
    words,
    videoId,
    phase,
    analysis,
    comments,
    announcement,
    announce: (sentence) => {
      announcement.value = sentence;
    },
    retry: () => {
      if (videoId.value !== null) void follow(videoId.value);
    },
    show: (video) => void follow(video),
    openSettings: () => host.openSettings(),
    dispose: () => {
      underWay.abort();
      for (const end of ends) end();
    },
  };
}
