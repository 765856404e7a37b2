/** The whole panel: what stands in it in each phase. */

import { signal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";

import { fetchedOf } from "../../service/wire.ts";
import type { Filter, PanelModel } from "../state/contract.ts";
import { NO_FILTER } from "../state/contract.ts";
import { Compare } from "./compare.tsx";
import { CommentsTab } from "./comments_tab.tsx";
import { FullMessage, ProblemMessage } from "./full_message.tsx";
import { BUBBLE, FILM, GEAR, Icon } from "./icons.tsx";
import { Notices } from "./notices.tsx";
import { Origin } from "./origin.tsx";
import { Overview } from "./overview.tsx";
import { FromPage } from "./remedies.tsx";
import { Skeleton } from "./skeleton.tsx";
import { Tabs } from "./tabs.tsx";
import "./list.css";

export interface PanelViewProps {
  readonly model: PanelModel;
  /** What stands while no video is chosen. */
  readonly rest: { readonly title: string; readonly text: string };
  readonly firstTab?: TabName;
}

export type TabName = "overview" | "comments" | "compare";

export function PanelView({ model, rest, firstTab = "overview" }: PanelViewProps) {
  const tab = useMemo(() => signal<TabName>(firstTab), []);
  const view = useRef<HTMLDivElement>(null);
  const choose = (name: TabName) => {
    if (name === tab.value) return;
    // Before the change: the new tab's list reads where the window stands.
    if (view.current !== null) scrollToTop(view.current);
    tab.value = name;
  };
  const show = (change: Partial<Filter>) => {
    model.setFilter({ ...NO_FILTER, sort: model.filter.value.sort, ...change });
    choose("comments");
    // Before the button that was pressed is gone with its tab.
    document.getElementById("tab-comments")?.focus({ preventScroll: true });
  };
  return (
    <>
      <p class="hidden" role="status">
        {model.announcement}
      </p>
      <div class="panel-view" ref={view}>
        <Header model={model} />
        <Content model={model} rest={rest} tab={tab.value} show={show} choose={choose} />
      </div>
    </>
  );
}

/** A new tab begins at its top. Where the tabs aren't stuck it does already: nothing moves then. */
function scrollToTop(view: HTMLElement): void {
  const tabs = view.querySelector('[role="tablist"]');
  if (tabs === null || tabs.getBoundingClientRect().top >= 1) return;
  window.scrollBy({ top: view.getBoundingClientRect().top, behavior: "instant" });
}

function Header({ model }: { model: PanelModel }) {
  const { t } = model.words.value;
  const title = model.analysis.value?.video.title ?? null;
  const isLive = model.analysis.value?.video.is_live === true;
  return (
    <header class="panel-head">
      <h1 class="video-title">
        {isLive && <span class="live-badge">{t("liveNow")}</span>}
        {title === null ? t("panelName") : <bdi>{title}</bdi>}
      </h1>
      <button type="button" class="icon-button" onClick={() => model.openSettings()}>
        <Icon paths={GEAR} />
        <span class="hidden">{t("openSettings")}</span>
      </button>
    </header>
  );
}

interface ContentProps extends PanelViewProps {
  readonly tab: TabName;
  readonly show: (change: Partial<Filter>) => void;
  readonly choose: (name: TabName) => void;
}

function Content({ model, rest, tab, show, choose }: ContentProps) {
  const phase = model.phase.value;
  const words = model.words.value;
  const { t } = words;
  const analysis = model.analysis.value;
  if (phase.kind === "resting") {
    return <FullMessage paths={FILM} title={rest.title} text={rest.text} />;
  }
  if (analysis === null) {
    if (phase.kind === "problem") {
      return <ProblemMessage model={model} problem={phase.problem} retryAt={phase.retryAt} />;
    }
    return (
      <>
        <Notices model={model} />
        <Skeleton text={t("reading")} />
      </>
    );
  }
  const isPage = model.source.value === "page";
  // Reading the page again shows nothing else until comments come: its button keeps the focus.
  const isNone = phase.kind === "complete" || (isPage && phase.kind !== "problem");
  if (isNone && fetchedOf(analysis) === 0) {
    return (
      <>
        {isPage ? (
          <FullMessage paths={BUBBLE} title={t("noneLoadedTitle")} text={t("noneLoadedText")}>
            <FromPage model={model} class="button" />
          </FullMessage>
        ) : (
          <FullMessage paths={BUBBLE} title={t("noCommentsTitle")} text={t("noCommentsText")} />
        )}
        <Origin analysis={analysis} words={words} />
      </>
    );
  }
  const count = model.comments.value.length;
  const tabs = [
    { name: "overview", title: t("tabOverview") },
    { name: "comments", title: t("comments"), badge: words.compact(count) },
    { name: "compare", title: t("tabCompare") },
  ] as const;
  return (
    <>
      <Tabs label={t("tabsLabel")} tabs={tabs} chosen={tab} direction={words.direction}
        onChoose={choose} />
      <Notices model={model} />
      <div id="tab-content" role="tabpanel" aria-labelledby={`tab-${tab}`} class={`tab-${tab}`}>
        {tab === "overview" && <Overview model={model} analysis={analysis} show={show} />}
        {tab === "comments" && <CommentsTab model={model} />}
        {tab === "compare" && <Compare model={model} analysis={analysis} />}
      </div>
      <Origin analysis={analysis} words={words} />
    </>
  );
}
