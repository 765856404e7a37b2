/** Tabs (WAI-ARIA): arrow keys move and choose, Home and End go to the ends. */

import { useRef } from "preact/hooks";

export interface Tab<Name extends string> {
  readonly name: Name;
  readonly title: string;
  /** For instance how many things are inside. */
  readonly badge?: string;
}

interface Props<Name extends string> {
  readonly label: string;
  readonly tabs: readonly Tab<Name>[];
  readonly chosen: Name;
  readonly direction: "ltr" | "rtl";
  readonly onChoose: (name: Name) => void;
}

export function Tabs<Name extends string>({ label, tabs, chosen, direction, onChoose }: Props<Name>) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ name }) => name === chosen);
    const forward = direction === "ltr" ? 1 : -1;
    const next: Readonly<Record<string, number | undefined>> = {
      ArrowRight: at + forward,
      ArrowLeft: at - forward,
      Home: 0,
      End: tabs.length - 1,
    };
    const wanted = next[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    const tab = tabs[(wanted + tabs.length) % tabs.length];
    if (tab === undefined) return;
    onChoose(tab.name);
    list.current?.querySelector<HTMLElement>(`#tab-${tab.name}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={onKeyDown}>
      {tabs.map(({ name, title, badge }) => (
        <button
          key={name}
          type="button"
          class="tab"
          role="tab"
          id={`tab-${name}`}
          aria-selected={name === chosen}
          aria-controls="tab-content"
          tabIndex={name === chosen ? 0 : -1}
          onClick={() => onChoose(name)}
        >
          <span>{title}</span>
          {badge !== undefined && <small>{badge}</small>}
        </button>
      ))}
    </div>
  );
}
