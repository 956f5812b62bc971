"""langchain-community: its FAISS store, filtered by metadata after the search, as it does."""

from __future__ import annotations

from itertools import chain

from langchain_community.vectorstores import FAISS
from langchain_community.vectorstores.utils import DistanceStrategy
from langchain_core.embeddings import Embeddings
from task import TOP, Query, Task, run

FETCHED = 10 * TOP
"""How many are fetched before the filter; its default of 20 would often leave fewer than 10."""


class Given(Embeddings):
    """Vectors are given with every text; nothing is encoded here."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Refuse."""
        raise NotImplementedError

    def embed_query(self, text: str) -> list[float]:
        """Refuse."""
        raise NotImplementedError


def build(task: Task) -> FAISS:
    """Return a store of all passages, saved too."""
    batches = list(task.batches())
    store = FAISS.from_embeddings(
        chain.from_iterable(zip(one.texts, one.vectors, strict=True) for one in batches),
        Given(),
        [
            {"row": row, "side": side}
            for one in batches
            for row, side in zip(one.rows, one.sides, strict=True)
        ],
        distance_strategy=DistanceStrategy.MAX_INNER_PRODUCT,
    )
    store.save_local(str(task.place))
    return store


def search(store: FAISS, query: Query) -> list[int]:
    """Return the nearest rows of the query's side."""
    found = store.similarity_search_with_score_by_vector(
        query.vector.tolist(), k=TOP, filter={"side": query.side}, fetch_k=FETCHED
    )
    return [document.metadata["row"] for document, _ in found]


if __name__ == "__main__":
    run(build, search, f"exact; filters after the search, fetch_k={FETCHED}")
