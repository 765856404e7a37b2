from __future__ import annotations

from collections.abc import Sequence

from sentiment.benchmark.percentiles import percentile
from sentiment.benchmark.rounds import Contestant, run_rounds


def test_rounds_let_contestants_take_turns_after_a_warm_up() -> None:
    turns: list[tuple[str, int]] = []

    def contestant(key: str, texts: list[str]) -> Contestant:
        def label(given: Sequence[str]) -> int:
            turns.append((key, len(given)))
            return len(given)

        return Contestant(key, key.upper(), texts, tokens_per_text=1.0, label=label)

    line_up = [contestant("a", ["x"] * 5), contestant("b", ["x"] * 2)]
    announced: list[str] = []
    paces = run_rounds(line_up, rounds=2, warm_up_texts=3, on_turn=announced.append)
    assert turns == [("a", 3), ("b", 2), ("a", 5), ("b", 2), ("a", 5), ("b", 2)]
    assert announced[:3] == ["warm-up: A", "warm-up: B", "round 1 of 2: A"]
    assert list(paces) == ["a", "b"]
    assert len(paces["a"].rates) == 2
    assert min(paces["a"].rates) <= paces["a"].median <= max(paces["a"].rates)


def test_percentile_is_the_nearest_rank() -> None:
    values = [float(value) for value in range(200, 0, -1)]
    assert (percentile(values, 50), percentile(values, 99)) == (100, 198)
    assert percentile([7.0], 99) == 7
