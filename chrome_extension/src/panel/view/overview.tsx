/** The first tab: the answer, then what it rests on, from the general to the particular. */

import type { Analysis } from "../../service/wire.ts";
import type { Filter, PanelModel } from "../state/contract.ts";
import { Counts } from "./counts.tsx";
import { Hero } from "./hero.tsx";
import { MarkingWords } from "./marking_words.tsx";
import { Shares } from "./shares.tsx";
import { Intents, Threads } from "./tallies.tsx";
import { LiveSwitch, Tools } from "./tools.tsx";
import { Trend } from "./trend.tsx";
import { Voices } from "./voices.tsx";

interface Props {
  readonly model: PanelModel;
  readonly analysis: Analysis;
  /** Show the comments that pass a filter. */
  readonly show: (change: Partial<Filter>) => void;
}

export function Overview({ model, analysis, show }: Props) {
  const words = model.words.value;
  return (
    <>
      {model.phase.value.kind === "streaming" && !model.stale.value && (
        <p class="reading">
          <span class="spinner" aria-hidden="true" />
          {words.t("readingMore")}
        </p>
      )}
      <Hero analysis={analysis} words={words} />
      {analysis.score !== null && (
        <Shares analysis={analysis} words={words} onChoose={(label) => show({ labels: [label] })} />
      )}
      <Counts analysis={analysis} source={model.source.value} words={words} />
      {model.source.value === "service" && (
        <div class="part">
          <LiveSwitch model={model} />
        </div>
      )}
      <Trend analysis={analysis} words={words} />
      <MarkingWords analysis={analysis} words={words} onSearch={(word) => show({ search: word })} />
      <Voices model={model} />
      <Intents analysis={analysis} words={words} onShow={show} />
      <Threads analysis={analysis} words={words} onShow={show} />
      <Tools model={model} />
    </>
  );
}
