/** The comments as a feed (WAI-ARIA): thousands of them, of which only those in sight are drawn. */

import { useCallback, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { PanelModel } from "../state/contract.ts";
import { CommentItem } from "./comment_item.tsx";
import { useVirtualList } from "./virtual_list.ts";

const HEAD_AND_FOOT_PX = 104;
const LINE_PX = 21;
const CHARACTERS_A_LINE = 44;
const MOST_LINES = 6;

export function CommentList({ model }: { model: PanelModel }) {
  const comments = model.shownComments.value;
  const list = useRef<HTMLDivElement>(null);
  // By key: comments that come later move the others.
  const [focused, setFocused] = useState<string | null>(null);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const goTo = useRef<number | null>(null);
  const keyOf = (index: number) => comments[index]?.id || String(index);
  const virtualizer = useVirtualList({
    count: comments.length,
    keyOf,
    estimatePx: (index) => {
      const lines = Math.ceil((comments[index]?.text.length ?? 0) / CHARACTERS_A_LINE);
      return HEAD_AND_FOOT_PX + LINE_PX * Math.min(MOST_LINES, lines);
    },
    list,
    kept: focused === null ? -1 : comments.findIndex((_, index) => keyOf(index) === focused),
  });
  const toggle = useCallback((what: string) => {
    setOpened((before) => {
      const after = new Set(before);
      if (!after.delete(what)) after.add(what);
      return after;
    });
  }, []);
  const focusOn = (index: number) => {
    goTo.current = Math.min(Math.max(0, index), comments.length - 1);
    setFocused(keyOf(goTo.current));
    virtualizer.scrollToIndex(goTo.current);
  };
  useLayoutEffect(() => {
    if (goTo.current === null) return;
    const item = list.current?.querySelector<HTMLElement>(`:scope > [data-index="${goTo.current}"]`);
    if (!item) return;
    goTo.current = null;
    item.focus({ preventScroll: true });
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const item = event.target instanceof HTMLElement ? event.target.closest("[data-index]") : null;
    if (!(item instanceof HTMLElement)) return;
    const at = Number(item.dataset.index);
    const isOnItem = event.target === item;
    const next: Readonly<Record<string, number | undefined>> = {
      PageDown: at + 1,
      PageUp: at - 1,
      ...(isOnItem && { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: comments.length - 1 }),
    };
    const wanted = next[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    focusOn(wanted);
  };
  const { scrollMargin } = virtualizer.options;
  return (
    <div
      class="comments"
      role="feed"
      aria-label={model.words.value.t("comments")}
      aria-busy={model.phase.value.kind === "streaming"}
      ref={list}
      style={{ blockSize: `${virtualizer.getTotalSize()}px` }}
      onKeyDown={onKeyDown}
      onFocusIn={(event) => {
        const item = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>("[data-index]") : null;
        if (item) setFocused(keyOf(Number(item.dataset.index)));
      }}
      onFocusOut={(event) => {
        if (!(event.relatedTarget instanceof Node && list.current?.contains(event.relatedTarget))) {
          if (goTo.current === null) setFocused(null);
        }
      }}
    >
      {virtualizer.getVirtualItems().map(({ index, key, start }) => {
        const comment = comments[index];
        if (comment === undefined) return null;
        return (
          <CommentItem
            key={key}
            comment={comment}
            index={index}
            count={comments.length}
            model={model}
            opened={opened}
            onToggle={toggle}
            offsetPx={start - scrollMargin}
            measure={virtualizer.measureElement}
          />
        );
      })}
    </div>
  );
}
