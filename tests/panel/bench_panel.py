"""How long a viewer waits: from opening the panel to the first painted result, and to the last.

No test: run it by hand, `python -m tests.panel.bench_panel`, on a machine that does nothing else.
The service is real and warm, the videos of the stand-in have 1,000 comments each.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from playwright.sync_api import BrowserContext, Worker, sync_playwright

from sentiment.youtube.replay import ReplayServer
from sentiment.youtube.replay_app import ReplayOptions
from tests.panel.beside import panel_beside
from tests.panel.chromium import built_extension, launch_chromium, worker_of
from tests.serving.running import serving

_COMMENTS = 1_000
# Each names another video of that size.
_VIDEO = "quota9{number:05}"
_WARM_UP_RUNS = 2
_NOTE_TIMES = """() => {
  window.times = {};
  const note = (name) => {
    if (name in window.times) return;
    window.times[name] = null;
    // The second frame begins when the first one is painted.
    requestAnimationFrame(() => requestAnimationFrame(() => {
      window.times[name] = performance.now();
    }));
  };
  new MutationObserver(() => {
    const state = document.querySelector("#panel")?.dataset.state;
    if (state === "streaming" || state === "result") note("first");
    if (state === "result") note("complete");
  }).observe(document, { subtree: true, childList: true, attributes: true });
}"""


def main(
    bundle: Annotated[Path, typer.Option(help="Folder of the bundle.")] = Path("models/starter"),
    runs: Annotated[int, typer.Option(min=1, help="Panels opened, after two to warm up.")] = 7,
    latency_ms: Annotated[float, typer.Option(min=0, help="Of each of YouTube's answers.")] = 50,
) -> None:
    """Open panels one after another and print how long each took."""
    chromium_path, extension = built_extension()
    with (
        tempfile.TemporaryDirectory() as folder,
        ReplayServer(ReplayOptions(latency_ms=latency_ms)) as replay,
        serving(bundle.resolve(), Path(folder), replay) as (server, _),
        sync_playwright() as playwright,
    ):
        chromium = launch_chromium(playwright, chromium_path, extension, Path(folder) / "profile")
        worker = worker_of(chromium)
        times = [
            _time(chromium, worker, _VIDEO.format(number=number), server.url)
            for number in range(_WARM_UP_RUNS + runs)
        ][_WARM_UP_RUNS:]
        chromium.close()
    first, complete = zip(*times, strict=True)
    load = os.getloadavg()[0]
    typer.echo(
        f"{runs} panels, {_COMMENTS:,} comments each, YouTube answers after {latency_ms:g} ms,"
    )
    typer.echo(f"{os.cpu_count()} cores, load {load:.1f}; milliseconds from opening the panel")
    for name, each in (("first result painted", first), ("complete", complete)):
        typer.echo(f"  {name:<22} median {statistics.median(each):6,.0f}  worst {max(each):6,.0f}")


def _time(
    chromium: BrowserContext, worker: Worker, video_id: str, server: str
) -> tuple[float, float]:
    """Milliseconds from the panel's opening to the first painted result, and to the last."""
    note = f"({_NOTE_TIMES})()"
    asked = {"maxComments": _COMMENTS}
    with panel_beside(chromium, worker, video_id, server, settings=asked, script=note) as beside:
        beside.expect_state("result", timeout_s=120)
        beside.page.wait_for_function("window.times.complete")
        times = beside.page.evaluate("window.times")
        return times["first"], times["complete"]


if __name__ == "__main__":
    typer.run(main)
