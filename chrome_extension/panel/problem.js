/**
 * Everything that can stand in the panel instead of an analysis, in words for a viewer.
 *
 * Owns the table from the service's error codes to titles. Knows no DOM.
 */

/**
 * @typedef {object} Kind
 * @property {string} title
 * @property {string} message used if the service sends none
 * @property {string} advice used if the service sends none
 * @property {boolean} canRetry whether the same question may get another answer soon
 */

/** @type {Record<string, Kind>} */
const KINDS = {
  comments_disabled: {
    title: "Comments are switched off",
    message: "The owner of this video has switched comments off.",
    advice: "There is nothing to analyse here; try another video.",
    canRetry: false,
  },
  video_not_found: {
    title: "Video not found",
    message: "There is no such video, or it was removed.",
    advice: "Check the address, or try another video.",
    canRetry: false,
  },
  video_private: {
    title: "This video is private",
    message: "The comments of a private video can't be read.",
    advice: "Try a public video.",
    canRetry: false,
  },
  invalid_video_id: {
    title: "That is no video address",
    message: "A YouTube address or an id of 11 characters was wanted.",
    advice: "Copy the address of a video from YouTube, for instance https://youtu.be/ and its id.",
    canRetry: false,
  },
  quota_exceeded: {
    title: "Today's YouTube quota is spent",
    message: "The server may not ask YouTube for more comments today.",
    advice: "The quota is renewed at midnight, Pacific time.",
    canRetry: false,
  },
  api_key: {
    title: "The server can't ask YouTube",
    message: "Its API key is missing or refused.",
    advice: "Whoever runs the server has to set YOUTUBE_API_KEY.",
    canRetry: true,
  },
  youtube_unavailable: {
    title: "YouTube does not answer",
    message: "The server asked YouTube for the comments and got no useful answer.",
    advice: "Try again in a minute.",
    canRetry: true,
  },
  busy: {
    title: "The server is busy",
    message: "It has more requests than it can take.",
    advice: "Try again in a moment.",
    canRetry: true,
  },
  unauthorized: {
    title: "The server refuses this panel",
    message: "It asks for an access token.",
    advice: "Ask whoever runs the server.",
    canRetry: false,
  },
  server_unreachable: {
    title: "No answer from the server",
    message: "The sentiment server can't be reached.",
    advice: "Check that it is running, and at which address.",
    canRetry: true,
  },
  server_slow: {
    title: "The server takes too long",
    message: "No answer came in time.",
    advice: "Try again, or look at the server's log.",
    canRetry: true,
  },
  unexpected_answer: {
    title: "The answer can't be read",
    message: "Something answered, but not with an analysis.",
    advice: "Check the server's address and version.",
    canRetry: true,
  },
  unknown: {
    title: "That did not work",
    message: "The server reports an error.",
    advice: "Try again, or look at the server's log.",
    canRetry: true,
  },
};

/** @type {Record<string, string>} codes of the service that share a title */
const SAME_KIND = {
  api_key_missing: "api_key",
  api_key_invalid: "api_key",
  youtube_error: "youtube_unavailable",
  overloaded: "busy",
  too_many_requests: "busy",
  timeout: "server_slow",
};

/** @type {Record<number, string>} statuses of an answer that names no code we know */
const KIND_OF_STATUS = {
  401: "unauthorized",
  404: "unexpected_answer",
  429: "busy",
  502: "server_unreachable",
  503: "busy",
  504: "server_slow",
};

const LONGEST_MESSAGE_CHARACTERS = 300;

/** Something to show instead of an analysis. */
export class Problem extends Error {
  /**
   * @param {string} code a code of the service or a kind of this module; any other is "unknown"
   * @param {{message?: string, advice?: string}} [said] what the service said about it
   */
  constructor(code, said = {}) {
    const name = SAME_KIND[code] ?? code;
    const kind = /** @type {Kind} */ (Object.hasOwn(KINDS, name) ? KINDS[name] : KINDS.unknown);
    super(said.message || kind.message);
    this.title = kind.title;
    this.advice = said.advice || kind.advice;
    this.canRetry = kind.canRetry;
  }
}

/**
 * Read an error answer of any shape.
 *
 * Ours is `{"error": {"code", "message", "advice"}}`; a proxy or a framework may send another.
 *
 * @param {number} status HTTP status
 * @param {unknown} body parsed JSON, or the text if it was none
 * @returns {Problem}
 */
export function problemFromAnswer(status, body) {
  const error = field(body, "error");
  const code = asShortText(field(error, "code"));
  const said = {
    message: [field(error, "message"), error, field(body, "detail"), field(body, "message")]
      .map(asShortText)
      .find((text) => text !== ""),
    advice: asShortText(field(error, "advice")),
  };
  const known = Object.hasOwn(KINDS, code) || Object.hasOwn(SAME_KIND, code);
  // The service's advice on tokens is for programs, not for a viewer.
  if (code === "unauthorized") return new Problem(code);
  return new Problem(known ? code : (KIND_OF_STATUS[status] ?? "unknown"), {
    message: said.message ?? (known ? "" : `The server answered with status ${status}.`),
    advice: said.advice,
  });
}

/**
 * @param {unknown} value
 * @param {string} key
 * @returns {unknown} undefined if there is no such field
 */
function field(value, key) {
  if (value === null || typeof value !== "object") return undefined;
  return /** @type {Record<string, unknown>} */ (value)[key];
}

/** @param {unknown} value */
function asShortText(value) {
  if (typeof value !== "string") return "";
  return value.length > LONGEST_MESSAGE_CHARACTERS
    ? `${value.slice(0, LONGEST_MESSAGE_CHARACTERS)}…`
    : value;
}
