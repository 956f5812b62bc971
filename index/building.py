"""The build: a corpus and an encoder in, a verified snapshot on the shelf out."""

from __future__ import annotations

import hashlib
import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.resources import files
from itertools import chain
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.corpus.reading import Corpus, corpus_digest, read_corpus, without_headings
from index.debates.anchoring import anchor_labels, settle
from index.debates.loading import Agenda, read_agenda
from index.encoding.cache import EmbeddingCache
from index.errors import CorpusError
from index.guides.loading import read_guidebook
from index.guides.tying import tie
from index.questions.classifier import off_topic_questions, train_classifier
from index.questions.polarity import PolarityEncoder
from index.stance.cache import CachedStance
from index.stance.loading import learned_settings
from index.stance.suggesting import Material, suggest_labels
from index.storage import snapshot as parts
from index.storage.baseline import Baseline, save_baselines
from index.storage.manifest import FORMAT, Manifest
from index.storage.records import Problem, write_records
from index.storage.snapshot import Snapshot, checksums
from index.storage.vectors import FaissStore
from index.storage.words import WordIndex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from index.corpus.records import Document, Passage
    from index.debates.anchoring import Loose
    from index.debates.records import Anchored
    from index.encoding.protocol import Encoder, Vectors
    from index.guides.records import Guidebook
    from index.guides.tying import LostQuotation
    from index.questions.classifier import Encode
    from index.stance.protocol import StanceModel
    from index.storage.protocol import Shelf
    from index.storage.protocol import Snapshot as AnySnapshot

logger = logging.getLogger(__name__)

_TAUGHT = ("lexicon.toml", "offtopic.toml")


class Progress(Protocol):
    """Told of each step of a build; `done` and `total` count texts or debates, or are 0."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note: stages are "read", "embed", "learn", "suggest", "write", "verify"."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did; `embedded` counts the passages whose vectors were not in the cache."""

    snapshot: str
    documents: int
    passages: int
    embedded: int
    seconds: float
    problems: tuple[Problem, ...]


def build_index(
    corpus_folder: Path,
    shelf: Shelf,
    encoder: Encoder,
    progress: Progress = lambda _stage, _done, _total: None,
    adapted: Encoder | None = None,
    stance: StanceModel | None = None,
    *,
    cleaning: bool = True,
    headings: bool = True,
) -> BuildReport:
    """Build a snapshot beside the one that answers, verify it, and switch to it.

    `adapted` is an encoder that keeps opposite questions apart, `stance` a model that suggests
    sides for what nobody has labelled; either may be missing. `cleaning` leaves out what argues
    nothing, `headings` lets title and headings be read with each passage; an index without them
    serves to measure what they are worth.

    Raises:
        CorpusError: The corpus cannot be used.
        BuildInProgress: Somebody else is building in the same place.
        SnapshotDamaged: What was built does not pass its verification; the old one stays.
    """
    started = time.monotonic()
    with shelf.building():
        progress("read", 0, 0)
        source = _read(corpus_folder, cleaning=cleaning, headings=headings)
        created = datetime.now(UTC)
        folder = shelf.workplace(f"{created:%Y%m%dT%H%M%S.%fZ}-{source.digest[:8]}")
        cache = EmbeddingCache(shelf.embeddings)
        vectors, sentences, embedded = _embed(source.corpus, encoder, cache, progress)
        polarity = PolarityEncoder(encoder, adapted)
        ask = partial(_learned, cache, progress)
        _learn(folder, source.agenda, partial(ask, encoder), partial(polarity.encode, queries=ask))
        cohort = ask(encoder, off_topic_questions())
        save_baselines(
            folder / parts.BASELINES, Baseline.of(vectors, cohort), Baseline.of(sentences, cohort)
        )
        labels = list(source.anchored)
        if stance:
            cached = CachedStance(stance, shelf.stances)
            labels += _suggest(source, vectors, cache, encoder, cached, progress)
        progress("write", 0, 0)
        languages = _write(folder, source, labels, vectors, sentences)
        Manifest(
            format=FORMAT,
            created=created.isoformat(timespec="seconds"),
            corpus=source.digest,
            model=encoder.fingerprint,
            polarity=polarity.fingerprint,
            stance=stance.fingerprint if stance else None,
            dimension=encoder.dimension,
            documents=len(source.corpus.documents),
            passages=len(vectors),
            sentences=len(sentences),
            debates=len(source.agenda.debates),
            labels=len(labels),
            languages=languages,
            checksums=checksums(folder),
        ).write(folder)
        progress("verify", 0, 0)
        verify(folder, vectors)
        shelf.publish(folder)
    seconds = time.monotonic() - started
    logger.info("built %d passages, %d embedded, %.1f s", len(vectors), embedded, seconds)
    name, documents = shelf.current_name() or "", len(source.corpus.documents)
    return BuildReport(name, documents, len(vectors), embedded, seconds, source.problems)


def is_stale(corpus_folder: Path, snapshot: AnySnapshot, stance: StanceModel | None = None) -> bool:
    """Tell whether the corpus, or the model that suggests sides, is not that of the snapshot.

    One that somebody went back to is not stale: a build has to be asked for.
    """
    if snapshot.pinned:
        return False
    manifest = snapshot.manifest
    other_model = manifest.stance != (stance.fingerprint if stance else None)
    return other_model or recipe_digest(corpus_folder) != manifest.corpus


def recipe_digest(corpus_folder: Path) -> str:
    """Return a hash over the corpus and over what this version teaches every index."""
    total = hashlib.sha256(corpus_digest(corpus_folder).encode())
    for name in _TAUGHT:
        total.update((files("index.questions") / name).read_bytes())
    return total.hexdigest()


def verify(folder: Path, vectors: Vectors) -> None:
    """Open a finished snapshot and let planted queries find themselves.

    Raises:
        SnapshotDamaged: Counts disagree, or a stored vector does not find itself.
    """
    snapshot = Snapshot(folder)
    try:
        snapshot.check_planted(vectors)
    finally:
        snapshot.close()


def encoder_text(document: Document, passage: Passage) -> str:
    """Return what the encoder and the word index read: title, headings, then the passage."""
    title = (document.card.title or "").strip("[]")
    place = " › ".join(part for part in (title, *passage.heading) if part)
    text = passage.span.of(document.text)
    return f"{place}\n{text}" if place else text


@dataclass(frozen=True, slots=True)
class _Source:
    """All that a build reads from a corpus folder."""

    digest: str
    corpus: Corpus
    agenda: Agenda
    anchored: tuple[Anchored, ...]
    set_aside: tuple[Anchored, ...]
    guidebook: Guidebook
    problems: tuple[Problem, ...]


def _read(folder: Path, *, cleaning: bool, headings: bool) -> _Source:
    digest = recipe_digest(folder)
    corpus = read_corpus(folder, cleaning=cleaning)
    if not headings:
        corpus = without_headings(corpus)
    agenda = read_agenda(folder)
    if not any(document.passages for document in corpus.documents):
        raise CorpusError(f"{folder} holds no passage: nothing in it reads as text")
    documents = {document.id: document for document in corpus.documents}
    anchored, loose = anchor_labels(agenda.labels, documents)
    set_aside, _gone = anchor_labels(agenda.set_aside, documents)
    book, lost = tie(read_guidebook(folder, {debate.id for debate in agenda.debates}), documents)
    problems = _problems(corpus, loose, lost)
    return _Source(digest, corpus, agenda, settle(anchored), set_aside, book, problems)


def _learn(folder: Path, agenda: Agenda, encode: Encode, encode_polarity: Encode) -> None:
    classifier = train_classifier(agenda, encode, encode_polarity)
    if classifier:
        classifier.save(folder / parts.CLASSIFIER)


def _suggest(
    source: _Source,
    vectors: Vectors,
    cache: EmbeddingCache,
    encoder: Encoder,
    stance: StanceModel,
    progress: Progress,
) -> list[Anchored]:
    """Return what a model suggests for the debates, where no person has read for them."""
    material = Material(
        source.corpus.documents,
        vectors,
        lambda texts: cache.encode_queries(encoder, texts).vectors,
        lambda texts: cache.encode_passages(encoder, texts).vectors,
    )
    known: dict[str, list[Anchored]] = {debate.id: [] for debate in source.agenda.debates}
    for one in (*source.anchored, *source.set_aside):
        known.get(one.label.subject, []).append(one)
    settings = learned_settings()
    labels: list[Anchored] = []
    debates = source.agenda.debates
    progress("suggest", 0, len(debates))
    for done, debate in enumerate(debates, start=1):
        labels += suggest_labels(debate, material, known[debate.id], stance, settings)
        progress("suggest", done, len(debates))
    return labels


def _write(
    folder: Path,
    source: _Source,
    labels: Sequence[Anchored],
    vectors: Vectors,
    sentences: Vectors,
) -> tuple[str, ...]:
    """Write vectors, records and words; return the languages of the documents."""
    documents = source.corpus.documents
    FaissStore.of(vectors).save(folder / parts.VECTORS)
    np.save(folder / parts.SENTENCES, sentences.astype(np.float16))
    records = folder / parts.RECORDS
    write_records(records, documents, source.agenda, labels, source.problems, source.guidebook)
    languages = sorted({document.card.language or "en" for document in documents})
    WordIndex.build(folder / parts.WORDS, languages, _words(source.corpus))
    return tuple(languages)


def _problems(
    corpus: Corpus, loose: Sequence[Loose], lost: Sequence[LostQuotation]
) -> tuple[Problem, ...]:
    """Return what a person should look at: files, labels, quotations of guides."""
    problems = [Problem(file.file, file.reason) for file in corpus.unreadable]
    problems += [
        Problem(
            f"label of {one.label.subject} in {one.label.document}: “{one.label.quote[:80]}”",
            one.reason,
        )
        for one in loose
    ]
    problems += [
        Problem(
            f"quotation of {one.where} in {one.quotation.document}: “{one.quotation.quote[:80]}”",
            one.reason,
        )
        for one in lost
    ]
    for problem in problems:
        logger.warning("%s: %s", problem.what.split("“")[0], problem.reason)
    return tuple(problems)


def _embed(
    corpus: Corpus, encoder: Encoder, cache: EmbeddingCache, progress: Progress
) -> tuple[Vectors, Vectors, int]:
    """Return the vectors of passages and of sentences, and how many passages were not cached."""
    passages = [text for _, text in _words(corpus)]
    sentences = [
        sentence.of(document.text)
        for document in corpus.documents
        for passage in document.passages
        for sentence in passage.sentences
    ]
    whole = len(passages) + len(sentences)
    first = cache.encode_passages(
        encoder,
        passages,
        lambda done, missing: progress("embed", len(passages) - missing + done, whole),
    )
    second = cache.encode_passages(
        encoder, sentences, lambda done, missing: progress("embed", whole - missing + done, whole)
    )
    return first.vectors, second.vectors, first.computed


def _learned(
    cache: EmbeddingCache, progress: Progress, encoder: Encoder, questions: Sequence[str]
) -> Vectors:
    """Return the vectors of example questions, telling how far they are."""
    whole = len(questions)
    return cache.encode_queries(
        encoder, questions, lambda done, missing: progress("learn", whole - missing + done, whole)
    ).vectors


def _words(corpus: Corpus) -> Iterator[tuple[str, str]]:
    return chain.from_iterable(
        (
            (document.card.language or "en", encoder_text(document, passage))
            for passage in document.passages
        )
        for document in corpus.documents
    )
