/** What the server says of a problem that this panel has no words for: English, untrusted. */

export function Quote({ words }: { words: string }) {
  if (words === "") return null;
  return (
    <p class="muted" lang="en" dir="auto">
      {words}
    </p>
  );
}
