"""Which files a corpus has now, and whether they are those that were read before.

A file's content is known by its hash. Where size, times and inode are what they were when it was
hashed, it need not be hashed again: whoever writes to a file changes its `ctime`, which nobody can
set. Only a file that was changed a moment before it was looked at proves nothing by that, because
clocks of file systems tick slowly ("racy git", git's Documentation/technical/racy-git.txt).
"""

from __future__ import annotations

import hashlib
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from index.corpus.extraction.limits import LIMITS
from index.corpus.files import list_files, open_file, walk
from index.errors import CorpusError, DocumentError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from index.corpus.records import Card
    from index.corpus.remarks import Remark

_TICK_S = 2.0
"""The coarsest clock of a file system in use, that of FAT."""
_PARSERS = (
    "trafilatura", "lxml", "pypdfium2", "python-docx", "charset-normalizer", "pyyaml",
    "sentencex", "lingua-language-detector",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the corpus: equal name, digest and card give equal documents.

    `card` is what the catalogue says of it, as text; `stamp` tells size, times and inode, and is
    empty where they prove nothing. A file that is known not to be read has its reason as `wrong`.
    """

    name: str
    digest: str
    card: str
    stamp: str
    size: int = 0
    wrong: Remark | None = None


def survey(folder: Path, cards: Mapping[str, Card]) -> Iterator[SourceFile]:
    """Return the files of a corpus in their order, not hashed yet.

    Raises:
        CorpusError: The folder is missing.
    """
    if not folder.is_dir():
        raise CorpusError(f"no corpus at {folder}; create the folder or set AUDIATUR_CORPUS")
    return _survey(folder, cards)


def _survey(folder: Path, cards: Mapping[str, Card]) -> Iterator[SourceFile]:
    now_s = time.time()
    for name, status, wrong in list_files(folder):
        card = repr(cards[name]) if name in cards else ""
        size, stamp = (status.st_size, _stamp(status, now_s)) if status else (0, "")
        yield SourceFile(name, "", card, stamp, size, wrong)


class Known(NamedTuple):
    """A file as it was read before, and its place in the order of then."""

    place: int
    file: SourceFile


def with_known(
    found: Iterable[SourceFile], known: Iterable[SourceFile]
) -> Iterator[tuple[SourceFile, Known | None]]:
    """Return each file, and what is known of that name; hashed where its stamp proves the hash.

    Both come in the order of `survey`.
    """
    others = (Known(*numbered) for numbered in enumerate(known))
    other = next(others, None)
    for file in found:
        while (
            other and other.file.name != file.name and _order(other.file.name) < _order(file.name)
        ):
            other = next(others, None)
        if not other or other.file.name != file.name:
            yield file, None
        elif file.stamp and file.stamp == other.file.stamp:
            yield with_digest(file, other.file.digest), other
        else:
            yield file, other


def hashed(file: SourceFile, folder: Path) -> SourceFile:
    """Return a file with its digest, which is empty where it cannot be read: reading says why."""
    if file.digest or file.wrong:
        return file
    with suppress(DocumentError), open_file(folder / file.name, LIMITS.lines_bytes) as opened:
        return with_digest(file, hashlib.file_digest(opened, "sha256").hexdigest())
    return file


def with_digest(file: SourceFile, digest: str) -> SourceFile:
    """Return a file as one whose digest is known."""
    return SourceFile(file.name, digest, file.card, file.stamp, file.size, file.wrong)


def corpus_digest(folder: Path, known: Iterable[SourceFile] = ()) -> str:
    """Return a hash over all that a build reads from the folder: equal digests, equal indexes.

    `known` are the files of an earlier reading, in its order.

    Raises:
        CorpusError: The folder is missing.
    """
    found = with_known(survey(folder, {}), known)
    return digest_of((hashed(file, folder) for file, _ in found), settings_digest(folder))


def digest_of(hashed_files: Iterable[SourceFile], settings: str) -> str:
    """Return the hash over files with their digests and over what stands beside them."""
    total = hashlib.sha256(settings.encode())
    for file in hashed_files:
        if not file.wrong:
            total.update(f"{file.name}\0{file.digest}\n".encode())
    return total.hexdigest()


def settings_digest(folder: Path) -> str:
    """Return a hash over the catalogue, the debates, and all else that stands beside documents."""
    total = hashlib.sha256()
    paths = [entry.path for entry in walk(folder) if entry.name.endswith(".toml")]
    for name in sorted(path.removeprefix(str(folder)) for path in paths):
        path = folder / name.lstrip("/")
        if path.is_file():
            total.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


@cache
def reader_fingerprint() -> str:
    """Name the code that reads documents: equal fingerprints read equal files equally."""
    total = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in _PARSERS).encode())
    for source in _sources(files("index.corpus")):
        total.update(source)
    total.update((files("index.questions") / "language.py").read_bytes())
    return total.hexdigest()


def _sources(folder: Traversable) -> Iterator[bytes]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _sources(entry)
        elif entry.name.endswith((".py", ".toml")):
            yield entry.name.encode() + b"\0" + entry.read_bytes()


def _stamp(status: os.stat_result, now_s: float) -> str:
    if max(status.st_mtime, status.st_ctime) > now_s - _TICK_S:
        return ""
    times = f"{status.st_mtime_ns} {status.st_ctime_ns}"
    return f"{status.st_size} {times} {status.st_ino} {status.st_dev}"


def _order(name: str) -> list[str]:
    return name.split("/")
