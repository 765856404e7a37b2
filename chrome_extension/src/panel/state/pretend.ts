/** Stand-ins for tests of the state: host, browser, and a service that says what it is told to. */

import { computed, signal, type Signal } from "@preact/signals";

import type { Host, JumpOutcome, KnownComment, LoadedComment, Mark } from "../../host/host.ts";
import { MemoryStore } from "../../host/memory_store.ts";
import type { AnalysisEvent } from "../../service/events.ts";
import type { Analysis, Comment, Feedback, Prediction } from "../../service/wire.ts";
import { DEFAULTS, type Settings } from "../../settings/settings.ts";
import { catalogue } from "../../text/catalogue.ts";
import type { Around, Service } from "./around.ts";
import type { Browser } from "./browser.ts";
import { aggregate } from "./loaded_comments.ts";

export const VIDEO = "aaaaaaaaaaa";
export const OTHER_VIDEO = "bbbbbbbbbbb";
export const ORIGIN = "http://127.0.0.1:3000";
export const MODEL = { name: "starter", digest: "sha256:1" };

export function prediction(score: number, change: Partial<Prediction> = {}): Prediction {
  const label = score < -0.2 ? -1 : score > 0.2 ? 1 : 0;
  return { label, score, probabilities: null, confidence: 0.9, status: "ok", ...change };
}

export function comment(id: string, change: Partial<Comment> = {}): Comment {
  return {
    id,
    parent_id: null,
    text: `words of ${id}`,
    like_count: 0,
    published_at: "2026-01-02T10:00:00Z",
    prediction: prediction(0.5),
    intents: [],
    ...change,
  };
}

export function comments(count: number, change: Partial<Comment> = {}): Comment[] {
  return Array.from({ length: count }, (_, at) => comment(`c${at}`, change));
}

export function analysisOf(of: readonly Comment[], change: Partial<Analysis> = {}): Analysis {
  const counted = aggregate(VIDEO, of, { model: MODEL, notice: "", loaded: of.length });
  return { ...counted, complete: true, ...change };
}

export function started(videoId = VIDEO, model = MODEL): AnalysisEvent {
  return { kind: "started", runId: "r", videoId, model, notice: "" };
}

/** The events of a run that comes to its end at once. */
export function wholeRun(of: readonly Comment[], change: Partial<Analysis> = {}): AnalysisEvent[] {
  const analysis = analysisOf(of, change);
  return [
    started(analysis.video_id, analysis.model),
    { kind: "comments", comments: of },
    { kind: "analysis", analysis, eventId: "r:1" },
    { kind: "done" },
  ];
}

/** One run that was asked for: the test says what it tells, and when. */
export class Run {
  readonly #waiting: (AnalysisEvent | Error | null)[] = [];
  #wake: () => void = () => undefined;

  constructor(
    readonly video: string,
    readonly signal: AbortSignal,
    readonly order: string | undefined,
  ) {}

  say(...events: AnalysisEvent[]): void {
    this.#waiting.push(...events);
    this.#wake();
  }

  fail(error: Error): void {
    this.#waiting.push(error);
    this.#wake();
  }

  end(): void {
    this.#waiting.push(null);
    this.#wake();
  }

  /** Goes on after an abort, as a careless client would. */
  async *events(): AsyncGenerator<AnalysisEvent, void> {
    for (;;) {
      const next = this.#waiting.shift();
      if (next === null) return;
      if (next instanceof Error) throw next;
      if (next !== undefined) yield next;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

export class PretendService implements Service {
  readonly origin: string;
  readonly runs: Run[] = [];
  readonly votes: { readonly commentId: string; readonly label: number; readonly voter: string }[] =
    [];
  readonly undone: string[] = [];
  readonly predicted: (readonly string[])[] = [];
  /** What the next question about a correction fails with. */
  failure: Error | null = null;
  answerTo: ((video: string) => readonly AnalysisEvent[]) | null = null;

  constructor(origin = ORIGIN) {
    this.origin = origin;
  }

  get lastRun(): Run {
    const run = this.runs.at(-1);
    if (run === undefined) throw new Error("nothing was asked");
    return run;
  }

  analyse(video: string, options: Parameters<Service["analyse"]>[1]) {
    const run = new Run(video, options.signal, options.order);
    this.runs.push(run);
    if (this.answerTo !== null) {
      run.say(...this.answerTo(video));
      run.end();
    }
    return run.events();
  }

  model = () => Promise.resolve(MODEL);

  /** Says so as soon as a test lets comments come; null: no video is watched here. */
  #token: number | null = null;
  #tell: () => void = () => undefined;

  letCommentsCome(): void {
    this.#token = (this.#token ?? 0) + 1;
    this.#tell();
  }

  async changes(_video: string, after: string | null, signal: AbortSignal): Promise<string | null> {
    if (this.#token === null) return null;
    if (after === String(this.#token)) {
      await new Promise<void>((resolve) => {
        this.#tell = resolve;
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
    signal.throwIfAborted();
    return String(this.#token);
  }

  predict(texts: readonly string[]): Promise<Prediction[]> {
    this.predicted.push(texts);
    if (this.failure !== null) return Promise.reject(this.failure);
    return Promise.resolve(texts.map((text) => prediction(text.includes("bad") ? -0.8 : 0.8)));
  }

  sendFeedback(commentId: string, label: -1 | 0 | 1, voter: string): Promise<Feedback> {
    if (this.failure !== null) return Promise.reject(this.failure);
    this.votes.push({ commentId, label, voter });
    return Promise.resolve({ id: `f${this.votes.length}`, comment_id: commentId, label });
  }

  undoFeedback(id: string): Promise<void> {
    if (this.failure !== null) return Promise.reject(this.failure);
    this.undone.push(id);
    return Promise.resolve();
  }
}

export class PretendHost implements Host {
  readonly kind: Host["kind"] = "extension";
  readonly fixedServer = null;
  settings = new MemoryStore();
  session = new MemoryStore();
  video: string | null = null;
  permitted = true;
  loaded: readonly LoadedComment[] = [];
  marks: readonly Mark[] | null = null;
  notified: string | null = null;
  known: readonly KnownComment[] = [];
  readonly #listeners = new Set<(videoId: string | null) => void>();

  /** The viewer goes to another video. */
  go(video: string | null): void {
    this.video = video;
    for (const listener of this.#listeners) listener(video);
  }

  currentVideo = () => Promise.resolve(this.video);
  onVideoChange(listener: (videoId: string | null) => void) {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
  readonly #readyListeners = new Set<() => void>();
  onPageReady(listener: () => void) {
    this.#readyListeners.add(listener);
    return () => void this.#readyListeners.delete(listener);
  }
  /** The viewer reloads the page: nothing is left there. */
  reload(): void {
    this.marks = null;
    for (const listener of this.#readyListeners) listener();
  }
  seek = () => Promise.resolve(true);
  jumpToComment = () => Promise.resolve<JumpOutcome>("shown");
  readLoadedComments = () => Promise.resolve(this.loaded);
  showMarks(marks: readonly Mark[]): Promise<void> {
    this.marks = marks;
    return Promise.resolve();
  }
  hideMarks(): Promise<void> {
    this.marks = null;
    return Promise.resolve();
  }
  commentsKnown(known: readonly KnownComment[]): void {
    this.known = known;
  }
  requestServerPermission = () => Promise.resolve(this.permitted);
  hasServerPermission = () => Promise.resolve(this.permitted);
  openSettings = () => undefined;
  notify(words: string | null): Promise<void> {
    this.notified = words;
    return Promise.resolve();
  }
}

export class PretendBrowser implements Browser {
  readonly online = signal(true);
  readonly visible = signal(true);
  dispose = () => undefined;
}

export interface PretendAround extends Around {
  readonly host: PretendHost;
  readonly browser: PretendBrowser;
  readonly settings: Signal<Settings>;
  readonly asked: PretendService;
}

export function pretendAround(asked = new PretendService()): PretendAround {
  const settings = signal<Settings>(DEFAULTS);
  return {
    host: new PretendHost(),
    browser: new PretendBrowser(),
    settings,
    words: computed(() => catalogue("en")),
    asked,
    service: () => asked,
  };
}

/** Let everything that waits for nothing but its turn come to it. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}
