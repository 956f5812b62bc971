"""A snapshot in the making: one step after the other, each left out where it is done already."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

from index.corpus.inputs import encoder_text
from index.corpus.reading import Reader
from index.errors import CorpusError
from index.questions.classifier import off_topic_questions
from index.stages.embedding import Embedding, cohort_fact
from index.stages.labelling import Tied, tie_all
from index.stages.learning import learn, lessons
from index.stages.reading import record_documents
from index.stages.recorded import RecordedDocuments
from index.stages.suggesting import RecordedGround, suggest
from index.stages.wording import write_word_index
from index.storage import snapshot as parts
from index.storage.contents import planted_rows
from index.storage.durable import flush_tree
from index.storage.rereading import BuildRecords
from index.storage.vectors import FaissStore

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from index.debates.records import Anchored
    from index.encoding.cache import EmbeddingCache
    from index.encoding.protocol import Encoder, Vectors
    from index.stages.base import Base
    from index.stages.planning import Plan
    from index.stages.progress import Progress
    from index.stance.learned import LearnedSettings
    from index.stance.protocol import StanceModel
    from index.storage.recording import Recorder, Run


@dataclass(frozen=True, slots=True)
class Models:
    """What reads texts: an encoder, one adapted to questions, and a model that takes sides."""

    encoder: Encoder
    adapted: Encoder | None
    stance: StanceModel | None

    @property
    def reading(self) -> Encoder:
        """What questions are read with: the adapted one or, where there is none, the other."""
        return self.adapted or self.encoder


@dataclass(frozen=True)
class Making:
    """The steps of one build, in the order of its methods; they work in `folder`."""

    folder: Path
    plan: Plan
    base: Base | None
    recorder: Recorder
    models: Models
    cache: EmbeddingCache
    progress: Progress

    def read(self) -> int:
        """Record all documents; return how many were read, and not taken over.

        Raises:
            CorpusError: There is no document, or no passage in any.
        """
        plan, base = self.plan, self.base
        facts = {**plan.how, "base": base.folder.name if base else ""}
        self.recorder.keep([file for file, _ in plan.sources], facts)
        cleaning = plan.how["cleaning"] == str(True)
        with Reader(plan.folder, plan.cards, cleaning=cleaning) as reader:
            tell = partial(self.progress, "read")
            read = record_documents(self.recorder, plan.sources, reader, base, plan.how, tell)
        if not self.recorder.counts.documents:
            raise CorpusError(f"{plan.folder} holds no readable file; add one and reindex")
        if not self.recorder.counts.passages:
            raise CorpusError(f"{plan.folder} holds no passage: nothing in it reads as text")
        return read

    def embed(self) -> int:
        """Write vectors and baselines; return how many passages had to be computed."""
        cohort = self.cache.encode_queries(self.models.encoder, off_topic_questions()).vectors
        facts = {"cohort": cohort_fact(cohort), "model": self.models.encoder.fingerprint}
        computed = 0

        def write() -> None:
            nonlocal computed
            embedding = Embedding(self.models.encoder, self.cache, cohort)
            tell = partial(self.progress, "embed")
            computed = embedding.write(self.folder, self._records, self._runs, self.base, tell)

        self._unless_done(facts, write)
        return computed

    def learn(self) -> None:
        """Write the classifier of questions."""
        agenda = self.plan.agenda
        facts = {"lessons": lessons(agenda, self.models.reading.fingerprint)}
        same = self.base if self.base and facts.items() <= self.base.facts.items() else None
        self.progress("learn", 0, 0)
        self._unless_done(facts, lambda: learn(self.folder, agenda, self._learned, same))

    def label(self, model: StanceModel | None, settings: LearnedSettings) -> Tied:
        """Record labels, and what `model` suggests, and all else that is said of documents."""
        documents = RecordedDocuments(self._records)
        agenda, guidebook = self.plan.agenda, self.plan.guidebook
        tied = tie_all(agenda, guidebook, documents, self.recorder.unreadable())
        if model:
            tied = tied.with_labels(self._suggested(tied, model, settings))
        self.recorder.finish(agenda, tied.labels, tied.problems, tied.guidebook)
        return tied

    def write(self) -> tuple[str, ...]:
        """Write the word index; return the languages of the documents."""
        languages = self._records.languages()

        def write() -> None:
            tell = partial(self.progress, "write")
            runs = self._runs
            write_word_index(self.folder, self._records, runs, self.base, languages, tell)

        self.progress("write", 0, 0)
        self._unless_done({"words": " ".join(languages)}, write)
        return languages

    def planted(self) -> dict[int, Vectors]:
        """Return vectors of some passages from end to end, as the encoder has them, by row."""
        records = self._records
        rows = planted_rows(records.passage_count)
        texts = [
            encoder_text(document, stored.passage)
            for row in rows
            for document, stored in records.stream(row, row + 1)
        ]
        vectors = self.cache.encode_passages(self.models.encoder, texts).vectors
        return dict(zip(rows, vectors, strict=True))

    def close(self) -> None:
        """Let go of the files."""
        if "_records" in vars(self):
            self._records.close()

    @cached_property
    def _records(self) -> BuildRecords:
        return BuildRecords(self.folder / parts.RECORDS)

    @cached_property
    def _runs(self) -> list[Run]:
        return self.recorder.runs()

    def _suggested(
        self, tied: Tied, model: StanceModel, settings: LearnedSettings
    ) -> list[Anchored]:
        debates, given = self.plan.agenda.debates, (*tied.labels, *tied.set_aside)
        tell = partial(self.progress, "suggest")
        tell(0, len(debates))
        store = FaissStore.open(self.folder / parts.VECTORS)
        ground = RecordedGround.of(self._records, self.cache, self.models.encoder, store, debates)
        del store  # it may take as much memory as everything else together
        return suggest(debates, given, ground, model, settings, tell)

    def _learned(self, questions: Sequence[str]) -> Vectors:
        """Return the vectors of example questions, telling how far they are."""
        whole = len(questions)

        def tell(done: int, missing: int) -> None:
            self.progress("learn", whole - missing + done, whole)

        return self.cache.encode_queries(self.models.reading, questions, tell).vectors

    def _unless_done(self, facts: dict[str, str], write: Callable[[], None]) -> None:
        """Do a step, unless an interrupted build noted that it did it, and note it then."""
        if facts.items() <= self.recorder.facts().items():
            return
        write()
        flush_tree(self.folder)  # what is noted must be there after a power cut, too
        self.recorder.note(facts)
