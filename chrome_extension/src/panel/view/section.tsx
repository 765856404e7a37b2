/** A part of the overview: a heading, perhaps a sentence, and what it is about. */

import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface Props {
  readonly title: string;
  /** For styles. */
  readonly name: string;
  readonly note?: string;
  readonly children: ComponentChildren;
}

export function Section({ title, name, note, children }: Props) {
  const id = useId();
  return (
    <section class={`part part-${name}`} aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {note !== undefined && <p class="part-note">{note}</p>}
      {children}
    </section>
  );
}
