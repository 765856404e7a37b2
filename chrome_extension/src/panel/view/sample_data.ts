/** Made-up analyses and comments for tests and the gallery; nothing of it was written by anyone. */

import type { Analysis, Comment, Intent, LabelNumber, Status, Summary } from "../../service/wire.ts";

export const VIDEO_ID = "gallery0001";
const START = Date.UTC(2026, 0, 2, 9, 30);
const DAY_MS = 86_400_000;

const TEXTS: readonly (readonly [string, LabelNumber, readonly Intent[]])[] = [
  ["I love how calm this is. Nobody shouts at me, nobody sells me anything.", 1, ["praise"]],
  ["The second half drags, and the music at 12:30 is far too loud for that scene.", -1, ["complaint"]],
  ["Does anyone know which lens was used at 3:05?", 0, ["question"]],
  ["The explanation at 1:02:03 finally made it click for me, thank you so much!", 1, ["praise"]],
  ["Please do one about the older model as well.", 0, ["request"]],
  ["Two adverts in the first minute. I closed it.", -1, ["complaint"]],
  ["Watched it three times, and still find new details each time. The light in the last scene, where everything goes quiet and the camera simply waits, is worth the whole film. I have shown it to my parents, to my students, and to a neighbour who does not even like films. All of them stayed until the end, which says more than any star ever could.", 1, []],
  ["Solid work.", 0, []],
  ["Not as good as the last one, sorry.", -1, []],
  ["This is what I come here for ❤️", 1, ["praise"]],
];
const LIKES = [1_240, 312, 58, 41, 17, 9, 4, 1, 0, 0];

export function sampleComment(number: number, change: Partial<Comment> = {}): Comment {
  const [text, label, intents] = TEXTS[number % TEXTS.length] ?? ["", 0, []];
  const round = Math.floor(number / TEXTS.length);
  return {
    id: `c${number}`,
    parent_id: number % 4 === 3 ? `c${number - 1}` : null,
    text: round === 0 ? text : `${text} (${round})`,
    like_count: Math.floor((LIKES[number % LIKES.length] ?? 0) / (round + 1)),
    published_at: new Date(START + number * 3_600_000).toISOString(),
    prediction: prediction(label, number % 7 === 5 ? "unsure" : "ok"),
    intents: [...intents],
    ...change,
  };
}

export function prediction(label: LabelNumber, status: Status = "ok"): Comment["prediction"] {
  const isLeftOut = status === "empty" || status === "not_english";
  return {
    label,
    score: isLeftOut ? null : label * 0.7,
    probabilities: null,
    confidence: isLeftOut ? null : status === "unsure" ? 0.47 : 0.91,
    status,
  };
}

export function sampleComments(count: number): readonly Comment[] {
  return Array.from({ length: count }, (_, number) => sampleComment(number));
}

/** Texts that would do harm if they were more than text. */
export const HOSTILE_TEXTS: readonly string[] = [
  '<img src=x onerror="document.title=1"><script>document.title=2</script>',
  "\u202Edetrever si siht\u202C and \u2066isolated\u2069 at 0:42",
  "\u200B\u200B\u2060\uFEFF",
  "W".repeat(10_000),
  `Z\u0300\u0301\u0302\u0303${"\u0334\u0335\u0336".repeat(40)}algo`,
  "مرحبا بالعالم، هذا الفيديو رائع جدا 1:20",
  "שלום עולם",
  "line\n".repeat(400),
];

export function hostileComments(): readonly Comment[] {
  return HOSTILE_TEXTS.map((text, number) => sampleComment(number, { text, id: `h${number}` }));
}

const share = (at: number, half = 0.04) => ({
  share: at,
  low: Math.max(0, at - half),
  high: Math.min(1, at + half),
});
const SUMMARY: Summary = {
  analysed: 480,
  excluded: { empty: 3, not_english: 17 },
  unsure: 60,
  shares: { negative: share(0.2, 0.03), neutral: share(0.29), positive: share(0.51) },
  score: { mean: 0.31, low: 0.27, high: 0.35 },
};
const thread = (analysed: number, mean: number): Summary => ({
  ...SUMMARY,
  analysed,
  score: { mean, low: mean - 0.06, high: mean + 0.06 },
});
const words = (...all: readonly (readonly [string, number])[]) =>
  all.map(([word, comments], at) => ({ word, z: 6 - at * 0.4, comments }));

export function sampleAnalysis(change: Partial<Analysis> = {}): Analysis {
  return {
    ...SUMMARY,
    video_id: VIDEO_ID,
    video: { title: "A quiet week in the mountains: what I learned", comment_count: 1_204, is_live: false },
    fetched: 500,
    complete: false,
    reasons: ["max_comments"],
    replies_left_out: 118,
    trend: Array.from({ length: 12 }, (_, at) => {
      const mean = 0.12 + 0.22 * Math.sin(at / 2.2) + at * 0.015;
      return {
        start: new Date(START + at * 3 * DAY_MS).toISOString(),
        end: new Date(START + (at + 1) * 3 * DAY_MS).toISOString(),
        analysed: 30 + at * 2,
        shares: SUMMARY.shares,
        score: { mean, low: mean - 0.12, high: mean + 0.12 },
      };
    }),
    labels: {
      positive: {
        most_liked: ["c0", "c3"],
        most_telling: ["c6", "c9"],
        words: words(["love", 84], ["calm", 41], ["beautiful", 33], ["thank", 30], ["light", 21], ["details", 14]),
      },
      neutral: { most_liked: ["c2", "c4"], most_telling: ["c7"], words: [] },
      negative: {
        most_liked: ["c1", "c5"],
        most_telling: ["c8"],
        words: words(["adverts", 38], ["loud", 27], ["drags", 16], ["clickbait", 12], ["boring", 9]),
      },
    },
    threads: { top_level: thread(360, 0.36), replies: thread(120, 0.16) },
    intents: { question: 62, request: 18, praise: 140, complaint: 51, spam: 4 },
    model: { name: "starter", digest: "3f9a1c07b2de44f08a6155d0c9e7b1a2" },
    units_spent: 12,
    quota: { units_left: 8_940, resets_at: "2026-03-02T08:00:00Z" },
    fetched_at: new Date(Date.now() - 3 * 60_000).toISOString(),
    age_s: 180,
    stored: true,
    notice: "Computed by this tool, not YouTube data.",
    ...change,
  };
}

export function emptyAnalysis(): Analysis {
  const none = { share: null, low: null, high: null };
  return sampleAnalysis({
    analysed: 0,
    excluded: { empty: 0, not_english: 0 },
    unsure: 0,
    fetched: 0,
    complete: true,
    reasons: [],
    replies_left_out: 0,
    shares: { negative: none, neutral: none, positive: none },
    score: null,
    trend: [],
    intents: {},
  });
}
