"""The tables of a snapshot's SQLite file, and how records become rows of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from index.guides.stored import guidebook_as_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.corpus.records import Document, Passage
    from index.corpus.survey import SourceFile
    from index.debates.loading import Agenda
    from index.debates.records import Anchored
    from index.guides.records import Guidebook

SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS files (
    place INTEGER PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL, card TEXT NOT NULL,
    stamp TEXT NOT NULL, first_document INTEGER NOT NULL, documents INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS unreadable (
    file INTEGER NOT NULL, what TEXT NOT NULL, reason TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS documents (
    place INTEGER PRIMARY KEY, first_passage INTEGER NOT NULL, passages INTEGER NOT NULL,
    first_sentence INTEGER NOT NULL, sentences INTEGER NOT NULL, id TEXT NOT NULL, title TEXT,
    author TEXT, published TEXT, language TEXT, origin TEXT, digest TEXT NOT NULL,
    pages TEXT NOT NULL, blocks TEXT NOT NULL, text TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS passages (
    row INTEGER PRIMARY KEY, document TEXT NOT NULL, ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, heading TEXT NOT NULL,
    sentences TEXT NOT NULL, first_sentence INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS runs (
    passage INTEGER NOT NULL, passages INTEGER NOT NULL, old_passage INTEGER NOT NULL,
    sentence INTEGER NOT NULL, sentences INTEGER NOT NULL, old_sentence INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS subjects (
    id TEXT PRIMARY KEY, place INTEGER NOT NULL, content TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS labels (
    subject TEXT NOT NULL, document TEXT NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
    side TEXT NOT NULL, quote TEXT NOT NULL, given_by TEXT NOT NULL, reported INTEGER NOT NULL,
    certainty REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS problems (what TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS guidebook (content TEXT NOT NULL);
"""
INDEXES = """
CREATE UNIQUE INDEX IF NOT EXISTS documents_by_id ON documents (id);
CREATE UNIQUE INDEX IF NOT EXISTS passages_by_place ON passages (document, ordinal);
"""
FILE = "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?)"
DOCUMENT = "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
PASSAGE = "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
SUBJECT = "INSERT INTO subjects VALUES (?, ?, ?)"
LABEL = "INSERT INTO labels VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"


def file_row(file: SourceFile) -> tuple[object, ...]:
    """Return a file's name, digest, card and stamp."""
    return file.name, file.digest, file.card, file.stamp


def document_row(document: Document) -> tuple[object, ...]:
    """Return what a document is, without where its passages and sentences are."""
    card = document.card
    published = card.published.isoformat() if card.published else None
    blocks = [[block.kind, block.span.start, block.span.end] for block in document.blocks]
    return (
        document.id, card.title, card.author, published, card.language, card.origin,
        document.digest, json.dumps(document.pages), json.dumps(blocks), document.text,
    )  # fmt: skip


def passage_row(passage: Passage) -> tuple[object, ...]:
    """Return what a passage is, without its row and that of its first sentence."""
    heading = json.dumps(passage.heading, ensure_ascii=False)
    spans = json.dumps([[span.start, span.end] for span in passage.sentences])
    return (
        passage.document, passage.ordinal, passage.span.start, passage.span.end, heading, spans,
    )  # fmt: skip


def subject_rows(agenda: Agenda) -> Iterable[tuple[object, ...]]:
    """Return the rows of debates and topics."""
    for place, debate in enumerate(agenda.debates):
        content = {
            "id": debate.id,
            "motion": dict(debate.motion.texts),
            "sides": {side: dict(name.texts) for side, name in debate.sides.items()},
            "inherits": debate.inherits,
            "read": debate.read,
        }
        yield debate.id, place, json.dumps(content, ensure_ascii=False)
    for place, topic in enumerate(agenda.topics, start=len(agenda.debates)):
        content = {"id": topic.id, "title": dict(topic.title.texts)}
        yield topic.id, place, json.dumps(content, ensure_ascii=False)


def guidebook_row(book: Guidebook) -> tuple[str]:
    """Return the row of all guides and interviews."""
    return (json.dumps(guidebook_as_json(book), ensure_ascii=False),)


def label_row(anchored: Anchored) -> tuple[object, ...]:
    """Return the row of a label."""
    label, span = anchored.label, anchored.span
    return (
        label.subject, label.document, span.start, span.end,
        label.side, label.quote, label.by, int(label.reported), label.certainty,
    )  # fmt: skip
