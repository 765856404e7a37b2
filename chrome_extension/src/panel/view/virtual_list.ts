/** Which items of a long list are drawn, as the window scrolls; heights are measured, not fixed. */

import {
  Virtualizer,
  defaultRangeExtractor,
  measureElement,
  observeWindowOffset,
  observeWindowRect,
  windowScroll,
  type Range,
  type VirtualizerOptions,
} from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";

const OVERSCAN = 6;
/** What the tabs cover of the window's top. */
const TABS_PX = 48;

interface Wanted {
  readonly count: number;
  readonly keyOf: (index: number) => string;
  readonly estimatePx: (index: number) => number;
  /** The element whose children are the items. */
  readonly list: RefObject<HTMLElement>;
  /** An item that stays drawn wherever one scrolls, such as the one with the focus; -1 for none. */
  readonly kept: number;
}

export type WindowVirtualizer = Virtualizer<Window, HTMLElement>;

/** Make a virtualizer of the window that draws the component again when the range changes. */
export function useVirtualList({ count, keyOf, estimatePx, list, kept }: Wanted): WindowVirtualizer {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const margin = useRef(0);
  const options: VirtualizerOptions<Window, HTMLElement> = {
    count,
    getScrollElement: () => window,
    estimateSize: estimatePx,
    getItemKey: keyOf,
    scrollToFn: windowScroll,
    observeElementRect: observeWindowRect,
    observeElementOffset: observeWindowOffset,
    // Where nothing is laid out all heights are 0, and thousands of items would seem to fit.
    measureElement: (element, entry, instance) =>
      measureElement(element, entry, instance) || estimatePx(instance.indexFromElement(element)),
    initialRect: { width: window.innerWidth, height: window.innerHeight },
    overscan: OVERSCAN,
    scrollMargin: margin.current,
    scrollPaddingStart: TABS_PX,
    rangeExtractor: (range) => withKept(range, kept),
    onChange: () => redraw(undefined),
  };
  const [virtualizer] = useState(() => new Virtualizer(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => {
    // Not asked for while drawing: the tab before is gone by then and the page so short that the
    // browser would move the window.
    virtualizer.scrollOffset = window.scrollY;
    return virtualizer._didMount();
  }, []);
  useLayoutEffect(() => {
    virtualizer._willUpdate();
    const top = list.current === null ? 0 : list.current.getBoundingClientRect().top + window.scrollY;
    if (Math.abs(top - margin.current) < 1) return;
    margin.current = top;
    redraw(undefined);
  });
  return virtualizer;
}

function withKept(range: Range, kept: number): number[] {
  const drawn = defaultRangeExtractor(range);
  if (kept < 0 || drawn.includes(kept)) return drawn;
  return [...drawn, kept].toSorted((a, b) => a - b);
}
