from __future__ import annotations

from datetime import timedelta

from sentiment.comments import Prediction, Status
from sentiment.labels import Label
from sentiment.store import ResultRecord, Store
from sentiment.textclean import text_digest
from tests.store.samples import MODEL, NOW, VIDEO, prediction


def test_prediction_comes_back_to_the_last_bit(store: Store) -> None:
    exact = Prediction(Label.NEUTRAL, (0.1 + 0.2, 1 / 3, 1e-300), Status.NOT_ENGLISH)
    store.save_predictions(MODEL, {text_digest("a"): exact})
    assert store.predictions(MODEL, [text_digest("a")]) == {text_digest("a"): exact}


def test_predictions_of_unscored_texts_are_left_out(store: Store) -> None:
    store.save_predictions(MODEL, {"1": prediction()})
    assert store.predictions(MODEL, ["1", "2", "1"]) == {"1": prediction()}
    assert store.predictions(MODEL, []) == {}


def test_predictions_are_of_the_model_asked_for(store: Store) -> None:
    store.save_predictions(MODEL, {"1": prediction()})
    store.save_predictions("b" * 64, {"1": prediction(Label.NEGATIVE)})
    assert store.predictions(MODEL, ["1"]) == {"1": prediction()}
    assert store.predictions("c" * 64, ["1"]) == {}


def test_saving_predictions_again_doubles_nothing(store: Store) -> None:
    store.save_predictions(MODEL, {"1": prediction()})
    store.save_predictions(MODEL, {"1": prediction(Label.NEGATIVE), "2": prediction()})
    store.save_predictions(MODEL, {})
    found = store.predictions(MODEL, ["1", "2"])
    assert found == {"1": prediction(Label.NEGATIVE), "2": prediction()}


def test_ten_thousand_predictions_are_kept(store: Store) -> None:
    many = {text_digest(f"text {number}"): prediction() for number in range(10_000)}
    store.save_predictions(MODEL, many)
    assert store.predictions(MODEL, list(many)) == many


def test_latest_result_is_the_newest_of_any_model(store: Store) -> None:
    assert store.latest_result(VIDEO) is None
    store.save_result(VIDEO, MODEL, '{"n": 1}', NOW)
    store.save_result(VIDEO, "b" * 64, '{"n": 2}', NOW + timedelta(hours=1))
    store.save_result("video000002", MODEL, '{"n": 3}', NOW + timedelta(hours=2))
    newest = ResultRecord('{"n": 2}', "b" * 64, NOW + timedelta(hours=1))
    assert store.latest_result(VIDEO) == newest


def test_result_replaces_an_earlier_one_and_not_a_later_one(store: Store) -> None:
    store.save_result(VIDEO, MODEL, "1", NOW)
    store.save_result(VIDEO, MODEL, "2", NOW + timedelta(seconds=1))
    store.save_result(VIDEO, MODEL, "3", NOW)
    assert store.latest_result(VIDEO) == ResultRecord("2", MODEL, NOW + timedelta(seconds=1))


def test_the_model_that_was_shown_last_is_known(store: Store) -> None:
    assert store.shown_model(VIDEO) is None
    for model in ("b" * 64, MODEL):
        store.save_shown(VIDEO, model)
        assert store.shown_model(VIDEO) == model
    assert store.shown_model("video000002") is None
