"""The notebooks: they run on what the package gives, show figures alone, and are kept unrun."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from sentiment.corpora.download import download
from sentiment.evaluation.lexicons import textblob_labels
from sentiment.evaluation.suite.files import write_suite
from sentiment.release.bundle import load_bundle
from tests.conftest import REPOSITORY
from tests.corpora.handmade import write_goemotions, write_table
from tests.evaluation.suite.handmade import SECRET, make_findings

FOLDER = REPOSITORY / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
STARTER = REPOSITORY / "models" / "starter"
TIMEOUT_S = 240
LOVE, TABLE, HATE = "i love that wonderful one", "that one is made of wood", "i hate that awful one"


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def run(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch, **parameters: object
) -> dict[str, str]:
    """Run a notebook with other parameters; return what each of its cells showed, by cell id."""
    notebook = read(FOLDER / name)
    (place,) = (
        cell for cell in notebook.cells if cell.get("metadata", {}).get("tags") == ["parameters"]
    )
    assert all(f"\n{key} = " in place.source or f"{key}, " in place.source for key in parameters)
    values = [f"{key} = {written(value)}" for key, value in parameters.items()]
    place.source = "\n".join([place.source, *values])
    # The kernel imports the package from here, and writes nothing into a home.
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    monkeypatch.setenv("IPYTHONDIR", str(folder / "ipython"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    NotebookClient(
        notebook,
        timeout=TIMEOUT_S,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    ).execute()
    return {
        cell.id: "".join(map(shown, cell.outputs))
        for cell in notebook.cells
        if cell.cell_type == "code"
    }


def written(value: object) -> str:
    return f"Path({str(value)!r})" if isinstance(value, Path) else repr(value)


def shown(output: Any) -> str:
    return str(output.get("text") or output.get("data", {}).get("text/plain", ""))


def write_corpora(raw_dir: Path) -> None:
    """Write a file that TextBlob labelled, and one whose people see a third of it otherwise."""
    texts = [f"{text} {number}" for number in range(40) for text in (LOVE, TABLE, HATE)]
    labels = [label.value for label in textblob_labels(texts)]
    rows = [*zip(texts, labels, strict=True), ("", 0)]
    write_table(raw_dir / "reddit" / "Reddit_Data.csv", ["clean_comment", "category"], rows)
    # Emotion 18 is love, 2 anger, 27 neutral.
    people = [(LOVE, "18"), (TABLE, "2"), (HATE, "2")] * 4
    write_goemotions(
        raw_dir, test=[(f"{text} {n}", emotion) for n, (text, emotion) in enumerate(people)]
    )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_valid_and_kept_without_outputs(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert (cell.execution_count, cell.outputs) == (None, [])


def test_there_is_a_test_for_each_notebook() -> None:
    names = [
        *("1.0-initial-exploration.ipynb", "2.0-error-analysis.ipynb"),
        *("evaluation.ipynb", "reddit_labels.ipynb"),
    ]
    assert [path.name for path in NOTEBOOKS] == names


@pytest.mark.slow
def test_exploration_counts_what_is_there_and_shows_no_comment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_corpora(tmp_path / "raw")
    download("synthetic", raw_dir=tmp_path / "raw", data_dir=None)
    found = run(
        "1.0-initial-exploration.ipynb",
        tmp_path,
        monkeypatch,
        RAW_DIR=tmp_path / "raw",
        CORPORA=["goemotions", "reddit", "synthetic"],
    )
    of_reddit = next(line for line in found["read-rows"].splitlines() if "TextBlob" in line)
    assert of_reddit.split()[:3] == ["reddit", "121", "1"]
    assert "12 are copies of another corpus's texts" in found["copies"]
    of_synthetic = found["words"].split("synthetic\n")[1].splitlines()
    assert [line.split()[0] for line in of_synthetic] == ["negative", "neutral", "positive"]
    assert not any("none" in line for line in of_synthetic)
    assert not any(text in output for text in (LOVE, TABLE, HATE) for output in found.values())


@pytest.mark.slow
@pytest.mark.parametrize("show", [0, 2])
def test_error_analysis_shows_comments_to_who_asks_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, show: int
) -> None:
    write_corpora(tmp_path / "raw")
    found = run(
        "2.0-error-analysis.ipynb",
        tmp_path,
        monkeypatch,
        BUNDLE=STARTER,
        RAW_DIR=tmp_path / "raw",
        SHOW=show,
    )
    assert "goemotions, labelled by people, three or more a comment: 12 rows" in found["measure"]
    # What is made of wood is said to be hated: four of twelve rows are wrong.
    assert "4 mistakes; the surest tenth" in found["surest"]
    assert "negative  neutral    1" in found["surest"]
    shown_texts = [text for text in (LOVE, TABLE, HATE) if text in "".join(found.values())]
    assert shown_texts == ([TABLE] if show else [])


@pytest.mark.slow
def test_reddit_labels_shows_whose_labels_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_corpora(tmp_path / "raw")
    found = run("reddit_labels.ipynb", tmp_path, monkeypatch, RAW_DIR=tmp_path / "raw")
    assert "121 rows, 1 of them without text; taken: 120" in found["read-rows"]
    assert "equal on 120 of 120 rows: 1.0000" in found["agreement-reddit"]
    assert "equal on 8 of 12 rows: 0.6667" in found["agreement-goemotions"]
    assert found["figures"].count("TextBlob") >= 2
    assert not any(text in output for text in (LOVE, TABLE, HATE) for output in found.values())


@pytest.mark.slow
def test_reddit_labels_on_the_real_file(
    tmp_path: Path, shared_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for corpus in ("reddit", "goemotions"):
        download(corpus, raw_dir=tmp_path / "raw", data_dir=shared_dir / "data")
    found = run("reddit_labels.ipynb", tmp_path, monkeypatch, RAW_DIR=tmp_path / "raw", EVERY=40)
    assert "37,249 rows, 99 of them without text; taken: 929" in found["read-rows"]
    assert "equal on 929 of 929 rows: 1.0000" in found["agreement-reddit"]
    assert " of 4,816 rows: 0.5" in found["agreement-goemotions"]


@pytest.mark.slow
def test_evaluation_predicts_measures_and_reads_the_suite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_corpora(tmp_path / "raw")
    findings = make_findings()
    written = write_suite(tmp_path / "suite", findings, chromium=None)
    figures = written.folder / "figures.json"
    found = run(
        "evaluation.ipynb",
        tmp_path,
        monkeypatch,
        BUNDLE=STARTER,
        RAW_DIR=tmp_path / "raw",
        FIGURES=figures,
    )
    assert f"starter, digest {load_bundle(STARTER).digest[:12]}" in found["load-bundle"]
    assert "not_english" in found["predict-sentences"]
    assert "goemotions" in found["measure-set"]
    # These figures are of another model, and the notebook says so.
    assert "of the bundle above: False" in found["read-figures"]
    assert found["pass-rates"].index("one typing error") < found["pass-rates"].index("not bad")
    assert "Polish < Danish" in found["identity-shifts"]
    assert "Figure" in found["confidence-figures"]
    texts = (LOVE, TABLE, HATE, SECRET)
    assert not any(text in output for text in texts for output in found.values())
