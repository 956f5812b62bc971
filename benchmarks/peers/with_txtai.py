"""txtai: an index with content, searched by SQL with a condition on the side.

The variant "hybrid" has its BM25 search besides, as its hybrid index does.
"""

from __future__ import annotations

from itertools import chain

import numpy as np
from task import TOP, Query, Task, run
from txtai import Embeddings

CANDIDATES = 10 * TOP
"""How many are found before the condition; as many as it takes by itself."""
_SQL = (
    "select id, score from txtai where similar(:words, :candidates) and side = :side "
    "limit :top"
)  # fmt: skip


class Engine:
    """An index, and the vectors of the texts that it is about to be asked for."""

    def __init__(self, task: Task) -> None:
        self.known: dict[str, np.ndarray] = {}
        config = {"method": "external", "transform": _function(self.known), "content": True}
        self.index = Embeddings(config | ({"hybrid": True} if task.variant == "hybrid" else {}))

    def search(self, query: Query) -> list[int]:
        """Return the nearest rows of a query's side."""
        self.known[query.text] = query.vector
        sql = _SQL.replace(":candidates", str(CANDIDATES)).replace(":top", str(TOP))
        found = self.index.search(
            sql, limit=TOP, parameters={"words": query.text, "side": query.side}
        )
        return [int(one["id"]) for one in found]


def _function(known: dict[str, np.ndarray]):  # noqa: ANN202 - txtai wants a plain function
    def transform(texts: list[str]) -> np.ndarray:
        return np.stack([known[text] for text in texts])

    return transform


def build(task: Task) -> Engine:
    """Return an index of all passages, saved too."""
    engine = Engine(task)
    batches = list(task.batches())
    for one in batches:
        engine.known.update(zip(one.texts, one.vectors, strict=True))
    engine.index.index(
        chain.from_iterable(
            (
                (str(row), {"text": text, "side": side}, None)
                for row, text, side in zip(one.rows, one.texts, one.sides, strict=True)
            )
            for one in batches
        )
    )
    engine.known.clear()
    engine.index.save(str(task.place))
    return engine


def search(engine: Engine, query: Query) -> list[int]:
    """Return the nearest rows of the query's side."""
    return engine.search(query)


if __name__ == "__main__":
    run(build, search, f"its default index; filters {CANDIDATES} candidates")
