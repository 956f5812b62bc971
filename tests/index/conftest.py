"""A stub encoder, a small corpus about company bicycles, and the seeds of the project."""

from __future__ import annotations

import zlib
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import sklearn.linear_model  # noqa: F401 - loads the libraries whose threads are limited
from threadpoolctl import threadpool_limits

from index.answering.advisor import Advisor
from index.building import build_index
from index.corpus.reading import read_corpus, read_file
from index.corpus.records import Card
from index.debates.loading import read_agenda
from index.stance.learned import LearnedSettings
from index.storage.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from index.corpus.reading import Corpus
    from index.corpus.records import Document
    from index.debates.loading import Agenda
    from index.encoding.protocol import Encoder, Vectors
    from index.stance.protocol import Shares
    from index.storage.snapshot import Snapshot

    WriteFiles = Callable[[Mapping[str, str]], Path]
    ReadText = Callable[..., Document]

SEEDS = Path(__file__).parents[2] / "seeds"
DIMENSION = 64
_GRAM = 4


class StubEncoder:
    """Hashed character n-grams as unit vectors: a function of the text, without weights.

    `encoded` holds `(role, text)` of all that was computed; `limit` is how many texts it computes
    before it fails as a killed process would.
    """

    def __init__(self, name: str = "stub", limit: int | None = None) -> None:
        self.fingerprint = name
        self.dimension = DIMENSION
        self.encoded: list[tuple[str, str]] = []
        self.limit = limit

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode("query", texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode("passage", texts)

    def _encode(self, role: str, texts: Sequence[str]) -> Vectors:
        if self.limit is not None and len(self.encoded) + len(texts) > self.limit:
            raise InterruptedError("the stub was told to stop here")
        self.encoded.extend((role, text) for text in texts)
        vectors = np.array([self._vector(f"{role}: {text}") for text in texts], np.float32)
        return vectors.reshape(len(texts), DIMENSION)

    def _vector(self, text: str) -> Vectors:
        folded = f" {text.lower()} "
        vector = np.zeros(DIMENSION, np.float32)
        for start in range(len(folded) - _GRAM + 1):
            code = zlib.crc32(f"{self.fingerprint}{folded[start : start + _GRAM]}".encode())
            vector[code % DIMENSION] += 1.0 if code & 0x10000 else -1.0
        vector[0] += 0.5
        return vector / np.float32(np.linalg.norm(vector))


class StubStance:
    """Reads one word of each text: those that stand for a side, or for doubt; others take no side.

    `asked` holds `(motion, text)` of all that was judged.
    """

    def __init__(
        self,
        yes: Sequence[str] = (),
        no: Sequence[str] = (),
        unclear: Sequence[str] = (),
        *,
        name: str = "stub-stance",
        certain: float = 0.8,
    ) -> None:
        self.name = name
        self.certain = certain
        self.fingerprint = f"{name} {yes} {no} {unclear} {certain}"
        self.asked: list[tuple[str, str]] = []
        self._said = (
            (yes, (0.9, 0.04, 0.06)),
            (no, (0.04, 0.9, 0.06)),
            (unclear, (0.5, 0.4, 0.1)),
            (("",), (0.05, 0.05, 0.9)),
        )

    def shares(self, motion: str, texts: Sequence[str]) -> Shares:
        self.asked.extend((motion, text) for text in texts)
        rows = [
            next(row for words, row in self._said if any(word in text for word in words))
            for text in texts
        ]
        return np.array(rows, np.float32).reshape(len(texts), 3)


PRO = """Diensträder lohnen sich

Immer mehr Betriebe schaffen Diensträder für ihre Leute an. Diensträder sparen der Firma Geld. \
Diese Ersparnis ist schon im ersten Jahr zu sehen. Wer mit dem Rad zur Arbeit kommt, ist seltener \
krank.

Manche sagen, Diensträder seien ein teures Spielzeug. Das Gegenteil ist richtig. Diensträder \
werden jeden Tag gefahren. Elektrische Diensträder schaffen auch lange Wege.

Für alle gilt der Satz eines Händlers:

Bild: pixabay.com / Muster
"""
CONTRA = """# Was gegen Diensträder spricht

## Kosten

Diensträder kosten die Firma viel Geld. Sie brauchen Wartung, Versicherung und einen trockenen \
Stellplatz. Ein Dienstrad ist nach drei Jahren kaum noch etwas wert.

## Nutzen

Im Winter bleiben Diensträder meist im Keller stehen. Trotzdem freuen sich viele Leute über ein \
Dienstrad. Elektrische Diensträder werden oft gestohlen.

## Reparatur

1. Zuerst prüft man die Bremsen am Rad. Danach ölt man die Kette.
2. Zuletzt pumpt man die Reifen auf. Platte Reifen flickt man mit einem Flicken.
"""
ENGLISH = """Company bicycles

Company bicycles make people healthy and happy. They also show that the company cares for the \
climate. Nobody should be forced to ride a company bicycle in the rain.

A canteen keeps people together at lunch. The canteen is cheaper than a restaurant.

No Comments
"""
CATALOGUE = """
[[document]]
file = "contra.md"
title = "Was gegen Diensträder spricht"
author = "Petra Muster"
published = 2021-03-04
language = "de"

[[document]]
file = "pro.txt"
title = "Diensträder lohnen sich"
language = "de"
origin = "a leaflet"
"""
BICYCLES = """
motion.de = "Die Firma sollte Diensträder anschaffen."
motion.en = "The company should buy bicycles."
yes = { de = "Diensträder anschaffen", en = "Buy bicycles" }
no = { de = "Auf Diensträder verzichten", en = "Do without bicycles" }

[labels."pro.txt"]
yes = [
  "Diensträder sparen der Firma Geld.",
  "Diese Ersparnis ist schon im ersten Jahr zu sehen.",
  "Wer mit dem Rad zur Arbeit kommt, ist seltener krank.",
  "Diensträder werden jeden Tag gefahren.",
]
no-reported = ["Manche sagen, Diensträder seien ein teures Spielzeug."]

[labels."contra.md"]
no = [
  "Diensträder kosten die Firma viel Geld.",
  "Ein Dienstrad ist nach drei Jahren kaum noch etwas wert.",
  "Im Winter bleiben Diensträder meist im Keller stehen.",
]
yes = ["Trotzdem freuen sich viele Leute über ein Dienstrad."]

[labels."english.txt"]
yes = ["Company bicycles make people healthy and happy."]
background = ["Nobody should be forced to ride a company bicycle in the rain."]
"""
ELECTRIC = """
motion.de = "Diensträder sollten elektrisch sein."
motion.en = "Company bicycles should be electric."
yes = { de = "Elektrisch", en = "Electric" }
no = { de = "Nur mit Muskelkraft", en = "Muscles only" }
inherits = ["bicycles"]
by = "Petra"

[labels."pro.txt"]
yes = ["Elektrische Diensträder schaffen auch lange Wege."]

[labels."contra.md"]
no = ["Elektrische Diensträder werden oft gestohlen."]
"""
CANTEEN = """
motion.de = "Die Firma sollte eine Kantine betreiben."
motion.en = "The company should run a canteen."
yes = { de = "Mit Kantine", en = "With a canteen" }
no = { de = "Ohne Kantine", en = "Without a canteen" }

[labels."english.txt"]
yes = ["A canteen keeps people together at lunch.", "The canteen is cheaper than a restaurant."]
"""
REPAIR = """
title = { de = "Wie man ein Rad repariert", en = "How to repair a bicycle" }

[labels."contra.md"]
background = ["Danach ölt man die Kette.", "Platte Reifen flickt man mit einem Flicken."]
"""
QUESTIONS = """
[bicycles]
yes = [
  "Sollen wir Diensträder anschaffen?", "Lohnen sich Diensträder für die Firma?",
  "Was spricht für Diensträder?", "Soll die Firma Diensträder kaufen?",
  "Should we buy company bicycles?", "Are company bicycles worth the money?",
]
no = [
  "Sollen wir auf Diensträder verzichten?", "Können wir die Diensträder abschaffen?",
  "Sollen wir die Diensträder verkaufen?", "Kommen wir ohne Diensträder aus?",
  "Should we do without company bicycles?", "Should we get rid of the company bicycles?",
]

[electric-bicycles]
yes = ["Sollen die Diensträder elektrisch sein?", "Should company bicycles be electric?"]
no = ["Sollen die Diensträder nur mit Muskelkraft fahren?", "Should bicycles be muscles only?"]

[canteen]
yes = [
  "Sollen wir eine Kantine betreiben?", "Should we open a canteen?",
  "Brauchen wir eine Kantine?",
]
no = ["Sollen wir die Kantine schließen?", "Should we close the canteen?"]

[bicycle-repair]
open = [
  "Wie flickt man einen Reifen am Rad?", "How do I repair a bicycle?",
  "Wie ölt man die Kette?",
]

[not-covered]
open = ["Wie hoch ist das höchste Rad der Welt?"]
"""
SMALL_CORPUS = {
    "pro.txt": PRO,
    "contra.md": CONTRA,
    "english.txt": ENGLISH,
    "catalogue.toml": CATALOGUE,
    "debates/bicycles.toml": BICYCLES,
    "debates/electric-bicycles.toml": ELECTRIC,
    "debates/canteen.toml": CANTEEN,
    "topics/bicycle-repair.toml": REPAIR,
    "questions.toml": QUESTIONS,
}
READ = 'read = ["contra.md", "english.txt", "pro.txt"]\n'
NEW = """Neues vom Fuhrpark

Unsere Diensträder halten die ganze Belegschaft gesund. Diensträder rosten draußen im Regen vor \
sich hin. Über Diensträder lässt sich vielleicht noch lange reden. Ein Dienstrad hat zwei Räder \
und eine Klingel. Ein gutes Dienstrad ist den meisten Firmen zu teuer.

Eine Kantine macht die ganze Belegschaft gesund. Eine Kantine ist dagegen jeden Tag zu teuer.
"""
REVIEW = """[[span]]
document = "new.txt"
quote = "Diensträder rosten draußen im Regen vor sich hin."
suggested = "no"
certainty = 0.90
by = "bundled"
side = "no"
"""
SUGGESTED_CORPUS = SMALL_CORPUS | {
    "new.txt": NEW,
    "debates/bicycles.toml": READ + BICYCLES,
    "debates/electric-bicycles.toml": READ + ELECTRIC,
    "debates/canteen.toml": READ + CANTEEN,
    "review/bicycles.toml": REVIEW,
}
"""All is read but `new.txt`; a person has decided on one span, the fourth against bicycles."""


def _write(folder: Path, files: Mapping[str, str]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())
    return folder


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Keep linear algebra to one thread: threads that wait for a busy core cost minutes."""
    with threadpool_limits(limits=1):
        yield


@pytest.fixture
def stub() -> StubEncoder:
    return StubEncoder()


@pytest.fixture
def make_stub() -> Callable[..., StubEncoder]:
    """Return the class, for tests that need a stub with another name or a limit."""
    return StubEncoder


@pytest.fixture
def make_stance() -> type[StubStance]:
    """Return the class, for tests that say what it knows of which words."""
    return StubStance


@pytest.fixture
def write_files(tmp_path: Path) -> WriteFiles:
    """Return a function that writes files, by path and content, into one new corpus folder."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    return lambda files: _write(folder, files)


@pytest.fixture
def corpus_folder(write_files: WriteFiles) -> Path:
    """Return a small corpus of the test's own."""
    return write_files(SMALL_CORPUS)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "data")


@pytest.fixture
def read_text(tmp_path: Path) -> ReadText:
    """Return a function that reads a text as one document, with what a catalogue would say."""

    def read(text: str, **known: str) -> Document:
        path = tmp_path / "document.txt"
        path.write_bytes(text.encode())
        return read_file(path, path.name, Card(**{"language": "de", **known}))  # type: ignore[arg-type]

    return read


@pytest.fixture(scope="session")
def small_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """Build the small corpus once; tests only read it."""
    corpus = _write(tmp_path_factory.mktemp("corpus"), SMALL_CORPUS)
    shelf = Shelf(tmp_path_factory.mktemp("data"))
    build_index(corpus, shelf, StubEncoder())
    snapshot = shelf.open_current()
    yield snapshot
    snapshot.close()


@pytest.fixture(scope="session")
def suggested_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """Build the corpus with a document that nobody has read once; tests only read it.

    Its labels are given by `person`, `curated`, `Petra`, `learned` (for bicycles, where both sides
    have enough of them) and `bundled`, the stub.
    """
    corpus = _write(tmp_path_factory.mktemp("corpus"), SUGGESTED_CORPUS)
    shelf = Shelf(tmp_path_factory.mktemp("data"))
    for_it = ["gesund", "spart", "Ersparnis", "sparen", "krank"]
    against_it = ["rosten", "teuer", "kosten", "Wartung", "wert", "Winter"]
    stance = StubStance(for_it, against_it, ["vielleicht"], name="bundled")
    settings = LearnedSettings(base=1.0, strength=10.0, temperature=1.0, certain=0.9)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.building.learned_settings", lambda: settings)
        build_index(corpus, shelf, StubEncoder(), stance=stance)
    snapshot = shelf.open_current()
    yield snapshot
    snapshot.close()


@pytest.fixture
def calibrated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what counts as covered be calibrated for the stub."""
    weights = {"bias": -0.5, "passage": 0.3, "sentence": 0.5}
    with_subjects = {**weights, "subject": 0.9, "example": 0.0, "elsewhere": 0.0}
    both = {"with-subjects": with_subjects, "documents-only": weights}
    monkeypatch.setattr("index.questions.scope._weights", lambda: both)


@pytest.fixture
def advisor(small_snapshot: Snapshot, calibrated: None) -> Advisor:  # noqa: ARG001
    """An advisor over the small corpus."""
    return Advisor(small_snapshot, StubEncoder())


@pytest.fixture
def suggesting_advisor(suggested_snapshot: Snapshot, calibrated: None) -> Advisor:  # noqa: ARG001
    """An advisor over the corpus with suggestions."""
    return Advisor(suggested_snapshot, StubEncoder())


@pytest.fixture(scope="session")
def seeds() -> Path:
    return SEEDS


@pytest.fixture(scope="session")
def seed_corpus() -> Corpus:
    return read_corpus(SEEDS)


@pytest.fixture(scope="session")
def seed_agenda() -> Agenda:
    return read_agenda(SEEDS)


@pytest.fixture(scope="session")
def bundled() -> Encoder:
    """Load the real encoder once."""
    import torch  # noqa: PLC0415 - costs seconds

    from index.encoding.loading import load_encoder  # noqa: PLC0415 - costs seconds

    torch.set_num_threads(1)
    return load_encoder()


@pytest.fixture(scope="session")
def real_advisor(
    bundled: Encoder, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[Advisor]:
    """Build the seeds' index with the real encoders once.

    Vectors are kept from one run to the next in pytest's cache, by model and content.
    """
    from index.encoding.twins import READING, Both, twins  # noqa: PLC0415 - costs seconds

    data = tmp_path_factory.mktemp("real")
    kept: pytest.Cache | None = getattr(pytestconfig, "cache", None)
    if kept:
        (data / "embeddings.sqlite").symlink_to(kept.mkdir("embeddings") / "embeddings.sqlite")
    shelf = Shelf(data)
    shipped = (files("index.questions") / READING).is_file()
    plain: Encoder = bundled
    adapted: Encoder | None = None
    if shipped:
        plain, adapted = twins(Both())
    build_index(SEEDS, shelf, bundled, adapted=adapted)
    snapshot = shelf.open_current()
    yield Advisor(snapshot, plain, adapted)
    snapshot.close()
