"""chromadb: a persistent collection, cosine, filtered by metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

import chromadb
from chromadb.config import Settings
from task import TOP, Query, Task, run

if TYPE_CHECKING:
    from chromadb import Collection


def build(task: Task) -> Collection:
    """Return a collection of all passages, on disk."""
    client = chromadb.PersistentClient(str(task.place), Settings(anonymized_telemetry=False))
    collection = client.create_collection(
        "passages", configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
    )
    for one in task.batches():
        collection.add(
            ids=[str(row) for row in one.rows],
            embeddings=one.vectors,
            documents=one.texts,
            metadatas=[{"side": side} for side in one.sides],
        )
    return collection


def search(collection: Collection, query: Query) -> list[int]:
    """Return the nearest rows of the query's side."""
    found = collection.query(
        query_embeddings=[query.vector], n_results=TOP, where={"side": query.side}
    )
    return [int(name) for name in found["ids"][0]]


if __name__ == "__main__":
    run(build, search, "HNSW with its defaults; on disk")
