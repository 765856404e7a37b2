/** The model behind the panel: puts its parts together. Knows no DOM; see `contract.ts`. */

import { computed, signal } from "@preact/signals";

import type { Host } from "../../host/host.ts";
import { ServiceClient } from "../../service/client.ts";
import { loadSettings, onSettingsChange, type Settings } from "../../settings/settings.ts";
import { catalogue, languageOf } from "../../text/catalogue.ts";
import { analysisCsv } from "../exports/csv.ts";
import { Analysing } from "./analysing.ts";
import { Announcer, announceComparison, announceMood, announcePhases } from "./announcing.ts";
import { Archive } from "./archive.ts";
import type { Around, Service } from "./around.ts";
import { thisBrowser, type Browser } from "./browser.ts";
import { commentList } from "./comment_list.ts";
import { Comparing } from "./comparing.ts";
import type { KnownVideo, PanelModel } from "./contract.ts";
import { Correcting } from "./correcting.ts";
import { Marking } from "./marking.ts";
import { Shown } from "./shown.ts";
import { Watching } from "./watching.ts";

export type MakeService = (settings: Settings) => Service;

/** What a test replaces. */
export interface Parts {
  readonly makeService?: MakeService;
  readonly browser?: Browser;
}

/** Settings that decide what the answer is; a change of another one asks nothing. */
const ASKED_WITH = ["server", "token", "maxComments", "order"] as const;

/** Make the model and begin with the host's video. */
export async function createModel(host: Host, parts: Parts = {}): Promise<PanelModel> {
  const { makeService = serviceOf(host), browser = thisBrowser() } = parts;
  const settings = signal(await loadSettings(host.settings));
  const words = computed(() => catalogue(languageOf(settings.value.language)));
  const service = signal(makeService(settings.peek()));
  const around: Around = { host, browser, settings, words, service: () => service.peek() };

  const archive = new Archive(host.session);
  const correcting = new Correcting(around);
  await Promise.all([archive.open(), correcting.open()]);

  const shown = new Shown();
  const analysing = new Analysing(around, archive, shown);
  const list = commentList(shown.comments);
  const watching = new Watching(around, shown, analysing);
  const comparing = new Comparing(around, archive, shown);
  const marking = new Marking(around, shown.comments, correcting.corrections);
  const announcer = new Announcer();
  const knownVideos = computed((): readonly KnownVideo[] =>
    archive.entries.value
      .filter(({ origin }) => origin === service.value.origin)
      .filter(({ videoId }) => videoId !== shown.videoId.value)
      .map(({ videoId, title }) => ({ videoId, title })),
  );

  const ends = [
    host.onVideoChange((video) => {
      // The same video again is news only where a viewer asked for it.
      if (host.kind === "demo" || video !== shown.videoId.peek()) analysing.show(video);
    }),
    onSettingsChange(host.settings, (changed) => {
      const before = settings.peek();
      const isSameAnswer = ASKED_WITH.every((name) => before[name] === changed[name]);
      if (!isSameAnswer) service.value = makeService(changed);
      settings.value = changed;
      if (isSameAnswer) return;
      watching.set(false);
      // One side would be asked anew, and the verdict be over two servers or two limits.
      comparing.end();
      if (before.server !== changed.server) void correcting.open();
      // What another service said, or fewer comments said, is not what is asked for now.
      if (shown.videoId.peek() !== null) analysing.show(shown.videoId.peek());
    }),
    announcePhases(announcer, shown, around),
    announceMood(announcer, watching.moodAlert, around),
    announceComparison(announcer, comparing.comparison, around),
    () => marking.dispose(),
    () => comparing.dispose(),
    () => watching.dispose(),
    () => correcting.dispose(),
    () => analysing.dispose(),
    () => announcer.dispose(),
    () => archive.dispose(),
    () => browser.dispose(),
  ];
  const first = await host.currentVideo();
  // The host may have told of another one meanwhile.
  if (first !== null && shown.videoId.peek() === null) analysing.show(first);

  return {
    settings,
    words,
    online: browser.online,
    videoId: shown.videoId,
    phase: shown.phase,
    source: shown.source,
    analysis: shown.analysis,
    stale: shown.stale,
    model: shown.model,
    modelChangedFrom: shown.modelChangedFrom,
    comments: shown.comments,
    commentById: shown.commentById,
    ...list,
    retry: () => analysing.retry(),
    show: (video) => analysing.show(video.trim()),
    useLoadedComments: () => analysing.useLoadedComments(),
    askService: () => analysing.askService(),
    corrections: correcting.corrections,
    correct: (commentId, label) => correcting.correct(commentId, label),
    undoCorrection: (commentId) => correcting.undo(commentId),
    live: watching.live,
    setLive: (on) => watching.set(on),
    moodAlert: watching.moodAlert,
    dismissMoodAlert: () => watching.dismiss(),
    comparison: comparing.comparison,
    knownVideos,
    compareWith: (video) => comparing.start(video),
    endComparison: () => comparing.end(),
    marksShown: marking.shown,
    setMarks: (on) => marking.set(on),
    jump: (commentId) => host.jumpToComment(commentId),
    seek: (seconds) => host.seek(seconds),
    exportCsv: () => analysisCsv(shown.analysis.peek(), shown.source.peek(), new Date()),
    announcement: announcer.sentence,
    announce: (sentence) => announcer.announce(sentence),
    openSettings: () => host.openSettings(),
    dispose: () => {
      for (const end of ends) end();
    },
  };
}

/** A page with a service of its own is given no token: it needs none, and it is a secret. */
function serviceOf(host: Host): MakeService {
  return ({ server, token }) =>
    new ServiceClient({
      origin: host.fixedServer ?? server,
      token: host.fixedServer === null ? token : "",
    });
}
