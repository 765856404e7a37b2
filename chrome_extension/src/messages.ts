/**
 * Everything that the panel, the worker and the content script say to each other.
 *
 * One union, told apart by `kind`, checked wherever it is received: a message is untrusted until
 * `readMessage` or `readReply` has returned it.
 */

import * as v from "valibot";

const VideoId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{11}$/));
/** YouTube's ids of comments; a reply's is `parent.child`. */
export const CommentIdSchema = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.-]{1,128}$/));

export const LoadedCommentSchema = v.object({
  id: v.nullable(CommentIdSchema),
  /** Untrusted. */
  text: v.pipe(v.string(), v.maxLength(20_000)),
});
export const MarkSchema = v.object({
  commentId: CommentIdSchema,
  label: v.picklist(["negative", "neutral", "positive"]),
  unsure: v.boolean(),
  /** What the mark says, in the viewer's language. */
  words: v.pipe(v.string(), v.maxLength(200)),
});

const Ping = v.object({ kind: v.literal("page.ping") });
const Seek = v.object({
  kind: v.literal("page.seek"),
  seconds: v.pipe(v.number(), v.finite(), v.minValue(0)),
});
const Jump = v.object({ kind: v.literal("page.jump"), commentId: CommentIdSchema });
const Read = v.object({ kind: v.literal("page.readComments") });
const ShowMarks = v.object({
  kind: v.literal("page.showMarks"),
  marks: v.pipe(v.array(MarkSchema), v.maxLength(10_000)),
});
const HideMarks = v.object({ kind: v.literal("page.hideMarks") });
/** The content script saw another video; sent to the worker and to every open panel. */
const Shown = v.object({ kind: v.literal("page.shown"), videoId: v.nullable(VideoId) });

const MessageSchema = v.variant("kind", [Ping, Seek, Jump, Read, ShowMarks, HideMarks, Shown]);

/** What a panel asks of its tab's content script, and what comes back. */
const REPLIES = {
  "page.ping": v.object({ videoId: v.nullable(VideoId), darkPage: v.boolean() }),
  "page.seek": v.object({ done: v.boolean() }),
  "page.jump": v.object({ outcome: v.picklist(["shown", "navigated", "unreachable"]) }),
  "page.readComments": v.object({
    comments: v.pipe(v.array(LoadedCommentSchema), v.maxLength(10_000)),
  }),
  "page.showMarks": v.object({ shown: v.number() }),
  "page.hideMarks": v.object({ done: v.literal(true) }),
} as const;

export type LoadedComment = v.InferOutput<typeof LoadedCommentSchema>;
export type Mark = v.InferOutput<typeof MarkSchema>;
export type Message = v.InferOutput<typeof MessageSchema>;
export type PageRequest = Exclude<Message, { kind: "page.shown" }>;
export type PageReply<Kind extends PageRequest["kind"]> = v.InferOutput<(typeof REPLIES)[Kind]>;

/** Return a message that was received, or null if it is none of ours. */
export function readMessage(raw: unknown): Message | null {
  const read = v.safeParse(MessageSchema, raw);
  return read.success ? read.output : null;
}

/** Return the reply to a request, or null if it is none. */
export function readReply<Kind extends PageRequest["kind"]>(
  kind: Kind,
  raw: unknown,
): PageReply<Kind> | null {
  const read = v.safeParse(REPLIES[kind], raw);
  return read.success ? (read.output as PageReply<Kind>) : null;
}
