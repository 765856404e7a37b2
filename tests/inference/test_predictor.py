"""One outcome a text, in order, whatever the text."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentiment.comments import Status
from sentiment.corpora.synthetic import generate
from sentiment.errors import BundleError, InferenceError
from sentiment.inference.predictor import Predictor
from sentiment.labels import LABELS, Label
from sentiment.release.bundle import load_bundle
from tests.inference.engines import ConstantEngine, WatchedEngine, word_tokenizer

N_THREADS = 8
any_text = st.text(st.characters(exclude_categories=()), max_size=60)


def predictor_of(row: list[float], **options: float) -> Predictor:
    return Predictor(
        ConstantEngine(row),
        word_tokenizer(),
        name="constant",
        digest="0" * 64,
        temperature=options.get("temperature", 1.0),
        unsure_below=options.get("unsure_below", 0.5),
    )


def watched() -> tuple[WatchedEngine, Predictor]:
    engine = WatchedEngine()
    return engine, Predictor(engine, word_tokenizer(), name="watched", digest="0" * 64)


@settings(max_examples=50)
@given(st.lists(any_text, max_size=12))
def test_predict_gives_one_sound_outcome_a_text(texts: list[str]) -> None:
    predictor = Predictor.dummy()
    predictions = predictor.predict(texts)
    assert len(predictions) == len(texts)
    for text, prediction in zip(texts, predictions, strict=True):
        assert sum(prediction.probabilities) == pytest.approx(1)
        assert prediction.label is LABELS[int(np.argmax(prediction.probabilities))] or (
            prediction.status is Status.EMPTY
        )
        assert predictor.predict([text]) == [prediction]


@given(st.permutations(["love it", "hate it", "so so", "", "great video here", "bad bad bad bad"]))
def test_predict_restores_the_order(texts: list[str]) -> None:
    wanted = {
        **dict.fromkeys(["love it", "great video here"], Label.POSITIVE),
        **dict.fromkeys(["hate it", "bad bad bad bad"], Label.NEGATIVE),
        **dict.fromkeys(["so so", ""], Label.NEUTRAL),
    }
    labels = [prediction.label for prediction in Predictor.dummy().predict(texts)]
    assert labels == [wanted[text] for text in texts]


def test_predict_of_no_texts_is_empty_and_asks_no_engine() -> None:
    engine, predictor = watched()
    assert predictor.predict([]) == []
    assert engine.shapes == []


@pytest.mark.parametrize(
    "text",
    [
        *("", "  \n\t", "\u200b\ufeff", "<br><br>", "\x00\x07", "\ud83d"),
        *("\u3164", "\u3164\u3164\u3164\u3164", "\uffa0", "\u115f\u1160", "\u2800 \u2800"),
        *("\u200c", "\u200d\u200d", "\u034f", "\ufe00 \ufe0f", "&#x3164;<br>\u2800"),
    ],
)
def test_predict_calls_what_holds_nothing_readable_empty(text: str) -> None:
    engine, predictor = watched()
    (prediction,) = predictor.predict([text])
    assert prediction.status is Status.EMPTY
    assert prediction.label is Label.NEUTRAL
    assert prediction.probabilities == (1 / 3, 1 / 3, 1 / 3)
    assert engine.n_rows == 0


def test_predict_scores_copies_once() -> None:
    engine, predictor = watched()
    predictions = predictor.predict(["w1 w2", "w3", "w1  w2", " w1 w2 ", "w3", ""])
    assert engine.n_rows == 2
    assert predictions[0] == predictions[2] == predictions[3]
    assert predictions[1] == predictions[4] != predictions[0]


def test_predict_takes_a_batch_of_mixed_lengths() -> None:
    lengths = [1, 300, 2, 2_000, 40, 3, 128, 129]
    texts = [" ".join(["love" if n_words % 2 else "so"] * n_words) for n_words in lengths]
    labels = [prediction.label for prediction in Predictor.dummy().predict(texts)]
    assert labels == [Label.POSITIVE if n % 2 else Label.NEUTRAL for n in lengths]


def test_predict_reads_the_beginning_of_a_very_long_text() -> None:
    filler = "word " * 2_000
    first, last = Predictor.dummy().predict([f"love {filler}", f"{filler} love"])
    assert first.label is Label.POSITIVE
    assert last.label is Label.NEUTRAL


def test_predict_reads_what_the_cleaner_gives() -> None:
    raw = "&lt;b&gt;LOVE&lt;/b&gt; it\u200b"
    left, right = Predictor.dummy().predict([raw, "LOVE it"])
    assert left == right
    assert left.label is Label.POSITIVE


def test_predict_divides_logits_by_the_temperature() -> None:
    (hot,) = predictor_of([0.0, 1.0, 3.0], temperature=2.0).predict(["hello"])
    wanted = np.exp([0.0, 0.5, 1.5])
    assert hot.probabilities == pytest.approx(wanted / wanted.sum())
    assert hot.label is Label.POSITIVE


@pytest.mark.parametrize(
    ("unsure_below", "status"), [(0.3, Status.OK), (0.41, Status.UNSURE), (1.0, Status.UNSURE)]
)
def test_predict_calls_low_confidence_unsure(unsure_below: float, status: Status) -> None:
    logits = np.log([0.3, 0.3, 0.4]).tolist()
    (prediction,) = predictor_of(logits, unsure_below=unsure_below).predict(["hello"])
    assert prediction.status is status
    assert prediction.confidence == pytest.approx(0.4)
    assert prediction.score == pytest.approx(0.1)


def test_predict_calls_another_language_not_english_even_when_unsure() -> None:
    texts = ["Das ist wirklich ein sehr schlechtes Video, finde ich", "この動画は素晴らしい"]
    predictions = predictor_of([0.0, 0.0, 0.0], unsure_below=0.9).predict(texts)
    assert {prediction.status for prediction in predictions} == {Status.NOT_ENGLISH}


@pytest.mark.parametrize("row", [[1.0, 2.0], [float("nan")] * 3])
def test_predict_finds_a_broken_engine_out(row: list[float]) -> None:
    with pytest.raises(InferenceError, match="The engine broke its contract"):
        predictor_of(row).predict(["hello"])


def test_predict_gives_the_same_answers_on_many_threads(tiny_bundle: Path) -> None:
    predictor = Predictor.from_bundle(load_bundle(tiny_bundle), threads=1)
    chunks = [[c.text for c in generate(40, seed=seed)] for seed in range(N_THREADS)]
    alone = [predictor.predict(chunk) for chunk in chunks]
    with ThreadPoolExecutor(N_THREADS) as pool:
        together = list(pool.map(predictor.predict, chunks * 2))
    assert together == alone * 2


def test_from_bundle_answers_like_a_real_model(tiny_bundle: Path) -> None:
    bundle = load_bundle(tiny_bundle)
    predictor = Predictor.from_bundle(bundle)
    assert (predictor.name, predictor.digest) == ("tiny", bundle.digest)
    texts = ["so good", "😂😂😂", "x" * 10_000, "a\x00b", "שלום עולם", "y " * 5_000]
    predictions = predictor.predict(texts)
    assert len(predictions) == len(texts)
    assert len({prediction.probabilities for prediction in predictions}) > 1
    again = predictor.predict(texts[::-1])[::-1]
    for one, other in zip(predictions, again, strict=True):
        assert one.probabilities == pytest.approx(other.probabilities, abs=1e-5)


def test_from_bundle_refuses_a_broken_tokenizer(tiny_bundle: Path, tmp_path: Path) -> None:
    broken = replace(load_bundle(tiny_bundle), directory=tmp_path)
    broken.tokenizer_path.write_bytes(b"{}")
    with pytest.raises(BundleError, match=r"The tokenizer of the bundle at .* can't be loaded"):
        Predictor.from_bundle(broken)


def test_warm_up_asks_the_engine() -> None:
    engine, predictor = watched()
    predictor.warm_up()
    assert engine.n_rows > 0
