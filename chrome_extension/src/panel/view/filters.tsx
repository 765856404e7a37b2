/** Which comments are shown, and in which order. */

import { useId, useState } from "preact/hooks";

import { INTENTS, fetchedOf } from "../../service/wire.ts";
import type { MessageKey } from "../../text/catalogue.ts";
import { NO_FILTER, type Filter, type LabelFilter, type PanelModel, type SortKey } from "../state/contract.ts";
import { FACES, FILTER as FUNNEL, Icon, INTENT_ICONS, LEFT_OUT, SEARCH } from "./icons.tsx";
import { FILTER_KEYS, INTENT_KEYS } from "./labels.tsx";

const SORTS = {
  likes: "sortLikes",
  newest: "sortNewest",
  oldest: "sortOldest",
  score_high: "sortScoreHigh",
  score_low: "sortScoreLow",
  confidence: "sortConfidence",
} as const satisfies Record<SortKey, MessageKey>;
const THREADS = {
  all: "threadsAll",
  top_level: "topLevel",
  replies: "replies",
} as const satisfies Record<Filter["threads"], MessageKey>;
const LABEL_FILTERS: readonly LabelFilter[] = ["positive", "neutral", "negative", "unsure", "left_out"];

export function Filters({ model }: { model: PanelModel }) {
  const { t } = model.words.value;
  const filter = model.filter.value;
  const id = useId();
  const [isOpen, setOpen] = useState(filter.intents.length > 0 || filter.threads !== "all");
  const hidden =
    filter.intents.length +
    [filter.threads !== "all", filter.since !== null, filter.until !== null].filter(Boolean).length;
  const change = (wanted: Partial<Filter>) => {
    model.setFilter(wanted);
    const { length } = model.shownComments.value;
    model.announce(t("shown", { count: length }));
  };
  return (
    <div class="filters" role="search" aria-label={t("filterLegend")}>
      <label class="search">
        <span class="hidden">{t("searchComments")}</span>
        <Icon paths={SEARCH} />
        <input
          type="search"
          value={filter.search}
          maxLength={200}
          placeholder={t("searchHint")}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => change({ search: event.currentTarget.value })}
        />
      </label>
      <fieldset class="chips">
        <legend class="hidden">{t("filterLabels")}</legend>
        {LABEL_FILTERS.map((label) => (
          <Chip
            key={label}
            words={t(FILTER_KEYS[label])}
            {...(label !== "unsure" && { paths: label === "left_out" ? LEFT_OUT : FACES[label] })}
            isOn={filter.labels.includes(label)}
            onChange={() => change({ labels: toggled(filter.labels, label) })}
          />
        ))}
      </fieldset>
      <div class="filter-line">
        <button
          type="button"
          class="quiet"
          aria-expanded={isOpen}
          aria-controls={`${id}-more`}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon paths={FUNNEL} />
          {hidden === 0 ? t("moreFilters") : t("moreFiltersSet", { count: hidden })}
        </button>
        <label class="sort">
          <span class="muted">{t("sortBy")}</span>
          <select
            value={filter.sort}
            onChange={(event) => change({ sort: event.currentTarget.value as SortKey })}
          >
            {(Object.keys(SORTS) as SortKey[]).map((key) => (
              <option key={key} value={key}>
                {t(SORTS[key])}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div id={`${id}-more`} class="more-filters" hidden={!isOpen}>
        <MoreFilters model={model} change={change} />
      </div>
      <p class="filter-line shown">
        <span class="muted">
          {t("shownOf", {
            shown: model.words.value.integer(model.shownComments.value.length),
            count: model.comments.value.length,
          })}
        </span>
        {isSet(filter) && (
          <button
            type="button"
            class="link"
            onClick={() => change({ ...NO_FILTER, sort: filter.sort })}
          >
            {t("clearFilters")}
          </button>
        )}
      </p>
      <FewKept model={model} />
    </div>
  );
}

/** A result from earlier has all its figures, and only the comments that there was room for. */
function FewKept({ model }: { model: PanelModel }) {
  const analysis = model.analysis.value;
  const kept = model.comments.value.length;
  if (!model.stale.value || analysis === null || kept >= fetchedOf(analysis)) return null;
  return (
    <p class="muted small">{model.words.value.t("fewKept", { kept, count: fetchedOf(analysis) })}</p>
  );
}

interface MoreProps {
  readonly model: PanelModel;
  readonly change: (wanted: Partial<Filter>) => void;
}

function MoreFilters({ model, change }: MoreProps) {
  const { t } = model.words.value;
  const { intents, threads, since, until } = model.filter.value;
  return (
    <>
      <fieldset class="chips">
        <legend>{t("intents")}</legend>
        {INTENTS.map((intent) => (
          <Chip
            key={intent}
            words={t(INTENT_KEYS[intent])}
            paths={INTENT_ICONS[intent]}
            isOn={intents.includes(intent)}
            onChange={() => change({ intents: toggled(intents, intent) })}
          />
        ))}
      </fieldset>
      <div class="fields">
        <label class="small-field">
          <span>{t("threads")}</span>
          <select
            value={threads}
            onChange={(event) => change({ threads: event.currentTarget.value as Filter["threads"] })}
          >
            {(Object.keys(THREADS) as Filter["threads"][]).map((key) => (
              <option key={key} value={key}>
                {t(THREADS[key])}
              </option>
            ))}
          </select>
        </label>
        <label class="small-field">
          <span>{t("since")}</span>
          <input type="date" value={since ?? ""} max={until ?? undefined}
            onChange={(event) => change({ since: event.currentTarget.value || null })} />
        </label>
        <label class="small-field">
          <span>{t("until")}</span>
          <input type="date" value={until ?? ""} min={since ?? undefined}
            onChange={(event) => change({ until: event.currentTarget.value || null })} />
        </label>
      </div>
    </>
  );
}

interface ChipProps {
  readonly words: string;
  readonly paths?: readonly string[];
  readonly isOn: boolean;
  readonly onChange: () => void;
}

function Chip({ words, paths, isOn, onChange }: ChipProps) {
  return (
    <label class="chip">
      <input type="checkbox" checked={isOn} onChange={onChange} />
      {paths && <Icon paths={paths} />}
      <span>{words}</span>
    </label>
  );
}

function toggled<Item>(items: readonly Item[], item: Item): Item[] {
  return items.includes(item) ? items.filter((one) => one !== item) : [...items, item];
}

function isSet({ search, labels, intents, threads, since, until }: Filter): boolean {
  return (
    search !== "" ||
    labels.length + intents.length > 0 ||
    threads !== "all" ||
    since !== null ||
    until !== null
  );
}
