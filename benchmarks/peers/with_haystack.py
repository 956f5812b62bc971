"""haystack: the document store that it brings, which holds all in memory and compares with all."""

from __future__ import annotations

import os

os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"

from haystack import Document
from haystack.document_stores.in_memory import InMemoryDocumentStore
from task import TOP, Query, Task, run


def build(task: Task) -> InMemoryDocumentStore:
    """Return a store of all passages; it is not saved, which would write them as JSON."""
    store = InMemoryDocumentStore(embedding_similarity_function="dot_product")
    for one in task.batches():
        store.write_documents(
            [
                Document(id=str(row), content=text, meta={"side": side}, embedding=vector.tolist())
                for row, text, side, vector in zip(
                    one.rows, one.texts, one.sides, one.vectors, strict=True
                )
            ]
        )
    return store


def search(store: InMemoryDocumentStore, query: Query) -> list[int]:
    """Return the nearest rows of the query's side."""
    found = store.embedding_retrieval(
        query.vector.tolist(),
        top_k=TOP,
        filters={"field": "meta.side", "operator": "==", "value": query.side},
    )
    return [int(document.id) for document in found]


if __name__ == "__main__":
    run(build, search, "exact; in memory only, not saved")
