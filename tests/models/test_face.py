"""Every kind of model behind the one face: it learns, repeats itself, and survives a folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from sentiment.errors import BundleError, InferenceError, ModelUnavailableError, TrainingError
from sentiment.files import sha256_of_file
from sentiment.models.catalogue import load_model, make_model
from sentiment.models.face import LabelledTexts, SentimentModel
from tests.models.labelled import (
    LEARNING,
    LEXICONS,
    TINY_TRAINING,
    labelled,
    options_of,
    save_tiny_nli,
)

TRAINING, VALIDATION, HELD_OUT = labelled(120), labelled(30, seed=1), labelled(60, seed=2)


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(n_threads)


def fitted(kind: str, **values: object) -> SentimentModel:
    model = make_model(options_of(kind, **values), seed=3)
    model.fit(TRAINING.texts, TRAINING.labels, validation=VALIDATION)
    return model


@pytest.fixture(scope="module", params=LEARNING)
def learnt(request: pytest.FixtureRequest) -> SentimentModel:
    return fitted(request.param)


@pytest.fixture(scope="module")
def tfidf() -> SentimentModel:
    return fitted("tfidf_logistic")


def test_a_model_learns_what_words_mean(learnt: SentimentModel) -> None:
    probabilities = learnt.predict_proba(HELD_OUT.texts)
    assert probabilities.shape == (60, 3)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)
    assert (probabilities.argmax(axis=1) == HELD_OUT.labels).mean() > 0.8


def test_a_saved_model_predicts_the_same(learnt: SentimentModel, tmp_path: Path) -> None:
    learnt.save(tmp_path / "model")
    loaded = load_model(tmp_path / "model")
    assert loaded.name == learnt.name
    assert loaded.size_bytes == learnt.size_bytes > 0
    np.testing.assert_allclose(
        loaded.predict_proba(HELD_OUT.texts), learnt.predict_proba(HELD_OUT.texts), atol=1e-6
    )


def test_a_folder_holds_json_safetensors_and_plain_text(
    learnt: SentimentModel, tmp_path: Path
) -> None:
    learnt.save(tmp_path / "model")
    files = list((tmp_path / "model").rglob("*"))
    trees = {".txt"} if learnt.name == "tfidf_lightgbm" else set()
    assert {path.suffix for path in files} == {".json", ".safetensors"} | trees
    for path in files:
        if path.suffix != ".safetensors":
            path.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["bilstm", "tfidf_logistic", "tfidf_lightgbm"])
def test_the_same_seed_gives_the_same_model(kind: str) -> None:
    once, again = (fitted(kind).predict_proba(HELD_OUT.texts) for _ in range(2))
    np.testing.assert_array_equal(once, again)


def test_order_of_texts_does_not_matter(learnt: SentimentModel) -> None:
    texts = [*HELD_OUT.texts[:5], "", "🤷 unheard-of " * 80]
    forwards, backwards = learnt.predict_proba(texts), learnt.predict_proba(texts[::-1])
    np.testing.assert_allclose(forwards, backwards[::-1], atol=1e-5)


@pytest.mark.parametrize("kind", LEARNING)
def test_an_unfitted_model_says_so(kind: str) -> None:
    with pytest.raises(InferenceError, match=f"The model {kind} was not fitted"):
        make_model(options_of(kind), seed=3).predict_proba(["great"])


@pytest.mark.parametrize("kind", [*LEXICONS, *LEARNING])
def test_rows_without_one_of_the_labels_are_refused(kind: str) -> None:
    model = make_model(options_of(kind), seed=3)
    with pytest.raises(TrainingError, match="found the class indexes"):
        model.fit(["bad", "good"], np.array([0, 2]), validation=VALIDATION)


def test_fine_tuning_needs_validation_rows() -> None:
    model = make_model(options_of("fine_tuned"), seed=3)
    with pytest.raises(TrainingError, match="needs validation rows"):
        model.fit(TRAINING.texts, TRAINING.labels)


def test_a_comparison_has_no_corpus_to_repeat() -> None:
    """A section `training` may be copied from a configuration that repeats one."""
    repeating = {**TINY_TRAINING, "max_steps": 2, "repeats": {"feedback": 3, "semeval": 2}}
    model = make_model(options_of("fine_tuned", training=repeating), seed=3)
    model.fit(TRAINING.texts, TRAINING.labels, validation=VALIDATION)
    assert model.predict_proba(TRAINING.texts[:2]).shape == (2, 3)


@pytest.mark.parametrize("kind", ["tfidf_logistic", "tfidf_lightgbm"])
def test_texts_without_terms_are_refused(kind: str) -> None:
    model = make_model(options_of(kind, min_documents=500), seed=3)
    with pytest.raises(TrainingError, match=f"give {kind} no terms"):
        model.fit(TRAINING.texts, TRAINING.labels)


@pytest.mark.parametrize("kind", LEXICONS)
def test_a_lexicon_knows_without_learning(kind: str) -> None:
    model = make_model(options_of(kind), seed=3)
    texts = ["I hate this, it is terrible", "the table has four legs", "great, I love it"]
    probabilities = model.predict_proba(texts)
    assert probabilities.argmax(axis=1).tolist() == [0, 1, 2]
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)


def test_textblob_calls_a_weak_polarity_neutral_within_the_band() -> None:
    texts = ["a rather good lesson"]
    strict, lenient = (
        make_model(options_of("textblob", neutral_band=band), seed=3).predict_proba(texts)
        for band in (0.0, 0.95)
    )
    assert strict.argmax(axis=1).tolist() == [2]
    assert lenient.argmax(axis=1).tolist() == [1]


def test_tfidf_takes_only_the_configured_ngrams(tfidf: SentimentModel) -> None:
    words_alone = fitted("tfidf_logistic", character_ngrams=None, word_ngrams=[1, 1])
    assert words_alone.size_bytes < tfidf.size_bytes / 4


@pytest.mark.parametrize("kind", LEXICONS)
def test_a_lexicon_survives_a_folder(kind: str, tmp_path: Path) -> None:
    model = make_model(options_of(kind), seed=3)
    model.save(tmp_path / "model")
    loaded = load_model(tmp_path / "model")
    assert (loaded.name, loaded.size_bytes) == (kind, model.size_bytes)
    np.testing.assert_array_equal(
        loaded.predict_proba(HELD_OUT.texts), model.predict_proba(HELD_OUT.texts)
    )


@pytest.mark.parametrize(
    ("compound", "wanted"),
    [
        (0.05, [0.0, 0.475, 0.525]),
        (0.0499, [0.0, 1.0, 0.0]),
        (-0.0499, [0.0, 1.0, 0.0]),
        (-0.05, [0.525, 0.475, 0.0]),
        (-1.0, [1.0, 0.0, 0.0]),
    ],
)
def test_vader_takes_its_authors_threshold(
    monkeypatch: pytest.MonkeyPatch, compound: float, wanted: list[float]
) -> None:
    model = make_model(options_of("vader"), seed=3)
    analyzer = "vaderSentiment.vaderSentiment.SentimentIntensityAnalyzer.polarity_scores"
    monkeypatch.setattr(analyzer, lambda _self, _text: {"compound": compound})
    np.testing.assert_allclose(model.predict_proba(["any"]), [wanted])


def test_vader_hears_capitals_and_emoji() -> None:
    texts = ["the song is good", "the song is GOOD", "😍"]
    plain, loud, emoji = make_model(options_of("vader"), seed=3).predict_proba(texts)
    assert loud[2] > plain[2] > 0.5
    assert emoji.argmax() == 2


def test_trees_stop_growing_when_validation_gets_no_better() -> None:
    random_labels = LabelledTexts(HELD_OUT.texts, HELD_OUT.labels[::-1].copy())
    model = make_model(options_of("tfidf_lightgbm", patience_rounds=2), seed=3)
    model.fit(TRAINING.texts, TRAINING.labels, validation=random_labels)
    stopped = model.size_bytes
    model.fit(TRAINING.texts, TRAINING.labels)
    assert stopped < model.size_bytes / 2


@pytest.mark.parametrize("trees", ["", "no trees at all", "tree\nversion=v4\nnum_class=3\n"])
def test_trees_that_are_none_are_refused(tmp_path: Path, trees: str) -> None:
    folder = tmp_path / "model"
    fitted("tfidf_lightgbm").save(folder)
    rewrite_trees(folder, trees)
    with pytest.raises(BundleError, match=r"trees\.txt holds no trees"):
        load_model(folder)


def test_trees_over_other_terms_are_refused(tmp_path: Path) -> None:
    folder, other = tmp_path / "model", tmp_path / "other"
    fitted("tfidf_lightgbm").save(folder)
    fitted("tfidf_lightgbm", character_ngrams=None).save(other)
    rewrite_trees(folder, (other / "trees.txt").read_text(encoding="utf-8"))
    with pytest.raises(BundleError, match=r"Wanted trees over [\d,]+ terms for 3 labels, found"):
        load_model(folder)


def rewrite_trees(folder: Path, trees: str) -> None:
    """Change the trees of a saved model, and the digest with them."""
    path = folder / "model.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    (folder / "trees.txt").write_text(trees, encoding="utf-8")
    manifest["files"]["trees.txt"] = sha256_of_file(folder / "trees.txt")
    path.write_text(json.dumps(manifest), encoding="utf-8")


@pytest.mark.parametrize("change", ["edited", "unlisted", "gone"])
def test_a_changed_folder_is_refused(tfidf: SentimentModel, tmp_path: Path, change: str) -> None:
    folder = tmp_path / "model"
    tfidf.save(folder)
    if change == "edited":
        (folder / "vocabulary.json").write_text("{}", encoding="utf-8")
    elif change == "unlisted":
        (folder / "model.pkl").write_bytes(b"\x80\x04.")
    else:
        (folder / "arrays.safetensors").unlink()
    with pytest.raises(BundleError):
        load_model(folder)


def test_a_foreign_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"found no readable model\.json"):
        load_model(tmp_path)


def test_another_order_of_labels_is_refused(tfidf: SentimentModel, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    tfidf.save(folder)
    manifest = json.loads((folder / "model.json").read_text())
    manifest["labels"].reverse()
    (folder / "model.json").write_text(json.dumps(manifest))
    with pytest.raises(BundleError, match="wanted \\['negative'"):
        load_model(folder)


def test_zero_shot_follows_entailment_and_survives_a_folder(tmp_path: Path) -> None:
    base = save_tiny_nli(tmp_path / "nli", labels=("contradiction", "neutral", "entailment"))
    model = make_model(options_of("zero_shot", base=str(base)), seed=3)
    model.fit(TRAINING.texts, TRAINING.labels)
    probabilities = model.predict_proba(HELD_OUT.texts)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    model.save(tmp_path / "saved")
    np.testing.assert_allclose(
        load_model(tmp_path / "saved").predict_proba(HELD_OUT.texts), probabilities, atol=1e-6
    )
    swapped = {"negative": "it is love", "positive": "it is hate", "neutral": "it is what"}
    other = make_model(options_of("zero_shot", base=str(base), hypotheses=swapped), seed=3)
    assert not np.allclose(other.predict_proba(HELD_OUT.texts), probabilities)


def test_zero_shot_refuses_a_model_without_entailment(tmp_path: Path) -> None:
    base = save_tiny_nli(tmp_path / "nli", labels=("yes", "no"))
    with pytest.raises(ModelUnavailableError, match="one label called entailment"):
        make_model(options_of("zero_shot", base=str(base)), seed=3)


def test_zero_shot_out_of_reach_names_the_way_out() -> None:
    with pytest.raises(ModelUnavailableError, match="`enabled: false` leaves the model out"):
        make_model(options_of("zero_shot", base="nobody/nothing"), seed=3)
