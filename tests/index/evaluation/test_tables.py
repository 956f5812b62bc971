"""Tables show people what results.json holds."""

from __future__ import annotations

from index.evaluation.bootstrap import Difference, Interval
from index.evaluation.tables import Grid, Measures

FOUND = Interval(0.82634, 0.76561, 0.88049, 167)


def test_measures_have_a_column_each_for_mean_interval_and_cases() -> None:
    table = Measures("questions", {"gold in top 1": FOUND})
    assert table.markdown().splitlines() == [
        "| measure | mean | 95 % interval | cases |",
        "| --- | --- | --- | --- |",
        "| gold in top 1 | 0.826 | 0.766 … 0.880 | 167 |",
    ]
    assert table.plain() == {
        "gold in top 1": {"mean": 0.8263, "low": 0.7656, "high": 0.8805, "cases": 167}
    }


def test_a_grid_shows_intervals_counts_words_and_gaps() -> None:
    change = Difference(-0.04, -0.0804, 0.0004, 90)
    table = Grid("variants", ("variant", "a", "b", "c", "d"), {"x": (FOUND, change, 3, None)})
    assert table.markdown().splitlines() == [
        "| variant | a | b | c | d |",
        "| --- | --- | --- | --- | --- |",
        "| x | 0.826 (0.766 … 0.880) | -0.040 (-0.080 … +0.000) | 3 | – |",
    ]
    assert table.plain()["x"] == {
        "a": {"mean": 0.8263, "low": 0.7656, "high": 0.8805, "cases": 167},
        "b": {"mean": -0.04, "low": -0.0804, "high": 0.0004, "cases": 90},
        "c": 3,
        "d": None,
    }
