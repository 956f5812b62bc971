"""A guide and an interview about company bicycles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.answering.advisor import Advisor
from index.building import build_index
from index.storage.shelf import Shelf
from tests.index.conftest import SMALL_CORPUS, StubEncoder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.storage.snapshot import Snapshot

GUIDE = """
command = { de = "reparatur", en = "repair" }
description = { de = "Ein Rad reparieren", en = "Repair a bicycle" }
title = { de = "Reparatur", en = "Repair" }
introduction = { de = "Zwei Schritte.", en = "Two steps." }

[[step]]
id = "brakes"
title = { de = "Bremsen prüfen", en = "Check the brakes" }
explanation = { de = "Prüfen Sie die Bremsen.", en = "Check the brakes." }

[[step.quote]]
document = "contra.md"
text = "Zuerst prüft man die Bremsen am Rad. Danach ölt man die Kette."

[[step.quote]]
document = "english.txt"
text = "Company bicycles make people healthy and happy."

[[step]]
id = "tyres"
title = { de = "Reifen aufpumpen", en = "Pump up the tyres" }
explanation = { de = "Pumpen Sie.", en = "Pump." }
"""
INTERVIEW = """
command = { de = "abwaegen", en = "weigh" }
description = { de = "Räder: ja oder nein?", en = "Bicycles: yes or no?" }
title = { de = "Räder?", en = "Bicycles?" }
introduction = { de = "Vier Fragen.", en = "Four questions." }
debate = "bicycles"

[[question]]
id = "motor"
text = { de = "Mit Motor?", en = "With a motor?" }

[[question.option]]
id = "electric"
text = { de = "Elektrisch", en = "Electric" }
debate = "electric-bicycles"
yes = "yes"

[[question.option]]
id = "muscles"
text = { de = "Mit Muskelkraft", en = "By muscles" }
debate = "electric-bicycles"
yes = "no"

[[question]]
id = "goal"
text = { de = "Wozu?", en = "What for?" }

[[question.option]]
id = "money"
text = { de = "Geld sparen", en = "Save money" }
query = { de = "Geld sparen", en = "Save money" }

[[question.option]]
id = "health"
text = { de = "Gesundheit", en = "Health" }

[[question.option.quote]]
side = "yes"
document = "english.txt"
text = "Company bicycles make people healthy and happy."

[[question.option.quote]]
side = "yes"
document = "pro.txt"
text = "Wer mit dem Rad zur Arbeit kommt, ist seltener krank."

[[question.option.quote]]
side = "no"
document = "contra.md"
text = "Im Winter bleiben Diensträder meist im Keller stehen."

[[question.option]]
id = "nothing"
text = { de = "Nichts davon", en = "None of these" }

[[question]]
id = "again"
text = { de = "Noch einmal?", en = "Once more?" }

[[question.option]]
id = "health"
text = { de = "Gesundheit", en = "Health" }

[[question.option.quote]]
side = "yes"
document = "english.txt"
text = "Company bicycles make people healthy and happy."

[[question.option.quote]]
side = "no"
document = "pro.txt"
text = "Manche sagen, Diensträder seien ein teures Spielzeug."

[[question.option]]
id = "canteen"
text = { de = "Kantine", en = "Canteen" }
debate = "canteen"
yes = "no"
"""
GUIDED_CORPUS = SMALL_CORPUS | {
    "guides/repair.toml": GUIDE,
    "interviews/bicycles.toml": INTERVIEW,
}


@pytest.fixture(scope="session")
def guided_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """Build the corpus with a guide and an interview once; tests only read it."""
    corpus: Path = tmp_path_factory.mktemp("guided")
    for name, content in GUIDED_CORPUS.items():
        path = corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    shelf = Shelf(tmp_path_factory.mktemp("data"))
    build_index(corpus, shelf, StubEncoder())
    snapshot = shelf.open_current()
    yield snapshot
    snapshot.close()


@pytest.fixture
def guided_advisor(guided_snapshot: Snapshot, calibrated: None) -> Advisor:  # noqa: ARG001
    """An advisor over the corpus with a guide and an interview."""
    return Advisor(guided_snapshot, StubEncoder())
