"""The first step: documents into records, read where they changed and taken over elsewhere."""

from __future__ import annotations

from itertools import groupby, islice
from typing import TYPE_CHECKING

from index.corpus.formats import Format, format_of
from index.corpus.jsonl import nothing_known
from index.corpus.reading import without_headings
from index.corpus.records import Document
from index.corpus.survey import hashed, survey, with_known

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from index.corpus.jsonl import Kept, PlaceOf
    from index.corpus.reading import Reader
    from index.corpus.records import Card, Unreadable
    from index.corpus.survey import Known, SourceFile
    from index.stages.base import Base
    from index.storage.recording import Recorder

    Source = tuple[SourceFile, int | None]
    """A file, and its place in the snapshot to take over from, where it is the same there."""

_TAKEN_AT_ONCE = 5_000
_TOLD_EVERY = 50


def find_sources(
    folder: Path, cards: Mapping[str, Card], base: Base | None, how: Mapping[str, str]
) -> list[Source]:
    """Return the files of a corpus, hashed; `how` are the facts that say how they are read."""
    usable = base is not None and base.was_read(how)
    in_part = base.records.files_in_part() if base and usable else frozenset()
    sources: list[Source] = []
    for found, known in with_known(survey(folder, cards), base.records.files() if base else ()):
        file = hashed(found, folder)
        same = usable and known is not None and _is_same(file, known, in_part)
        sources.append((file, known.place if known and same else None))
    return sources


def record_documents(
    recorder: Recorder,
    sources: Sequence[Source],
    reader: Reader,
    base: Base | None,
    how: Mapping[str, str],
    progress: Callable[[int, int], None],
) -> int:
    """Record all files that are not recorded yet; return how many documents were read for it.

    `how` are the facts that say how they are read; `progress` is told how many bytes of those to be
    read were read.
    """
    to_do, headings = sources[recorder.files :], how["headings"] == str(True)
    whole = sum(file.size for file, place in to_do if place is None)
    done = read = 0
    progress(0, whole)
    if base:
        recorder.start_from(base.folder / "records.sqlite")
    for files, place in _in_rows(to_do):
        if place is not None:
            recorder.take_over(place, files)
            progress(done, whole)
            continue
        for number, file in enumerate(files):
            found = reader.read_changes(file, _place_of(file, base, how))
            read += recorder.add(file, found if headings else map(_bare, found))
            done += file.size
            if not number % _TOLD_EVERY:
                progress(done, whole)
    recorder.complete()
    progress(whole, whole)
    return read


def _is_same(file: SourceFile, known: Known, in_part: Collection[int]) -> bool:
    """Tell whether a file would be read as it was."""
    same = bool(file.digest) and (file.digest, file.card) == (known.file.digest, known.file.card)
    # what a parser could not read in time it may read the next time; lines have no parser
    once_more = known.place in in_part and format_of(file.name) is not Format.LINES
    return same and not once_more


def _place_of(file: SourceFile, base: Base | None, how: Mapping[str, str]) -> PlaceOf:
    """Return what tells where a line of a file was that would be read as it was."""
    if base and base.was_read(how) and base.records.card_of_file(file.name) == file.card:
        return base.records.place_of
    return nothing_known


def _in_rows(sources: Iterable[Source]) -> Iterator[tuple[list[SourceFile], int | None]]:
    """Return files that can be taken over together, with the first one's place, and other files."""

    def row(numbered: tuple[int, Source]) -> int | None:
        number, (_, place) = numbered
        return None if place is None else place - number

    for shift, group in groupby(enumerate(sources), key=row):
        while chunk := list(islice(group, _TAKEN_AT_ONCE)):
            place = None if shift is None else chunk[0][1][1]
            yield [file for _, (file, _) in chunk], place


def _bare(one: Document | Unreadable | Kept) -> Document | Unreadable | Kept:
    """Return a document with nothing above its passages, to measure what headings are worth."""
    return without_headings(one) if isinstance(one, Document) else one
