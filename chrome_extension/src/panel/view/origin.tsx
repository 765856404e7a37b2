/** Where the result comes from: whose it is, which model, how old, what the quota still allows. */

import type { Analysis } from "../../service/wire.ts";
import type { Catalogue } from "../../text/catalogue.ts";
import { useNow } from "./clock.ts";
import { noticeOf } from "./notice.ts";

interface Props {
  readonly analysis: Analysis;
  readonly words: Catalogue;
}

const DIGEST_CHARACTERS = 12;

export function Origin({ analysis, words }: Props) {
  const { t } = words;
  const { model, notice } = analysis;
  return (
    <footer class="origin">
      <p class="notice" dir="auto">
        {noticeOf(notice, words)}
      </p>
      <p>
        {t("modelLine", { name: model.name || t("modelUnknown") })}
        {model.digest !== "" && (
          <>
            {" · "}
            <code title={`sha256 ${model.digest}`}>{model.digest.slice(0, DIGEST_CHARACTERS)}</code>
          </>
        )}
      </p>
      <Age analysis={analysis} words={words} />
    </footer>
  );
}

/** How long ago the comments were read. */
export function Age({ analysis: { fetched_at: fetchedAt, stored }, words }: Props) {
  const now = useNow(30_000);
  if (fetchedAt === null) return null;
  const at = new Date(fetchedAt);
  const ago = words.ago((now - at.getTime()) / 1_000);
  return (
    <p>
      <time dateTime={fetchedAt} title={words.moment(at)}>
        {words.t(stored ? "readBefore" : "readAt", { ago })}
      </time>
    </p>
  );
}
