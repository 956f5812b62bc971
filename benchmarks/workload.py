"""What the crowd asks: questions of the test corpus for the stub, of the seeds for the encoder."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from itertools import chain, zip_longest

from processes import ROOT

STUB_CORPUS = ROOT / "tests/bot/corpus"
SEEDS = ROOT / "seeds"
UNTHROTTLED = {
    "AUDIATUR_QUESTIONS_PER_MINUTE": "900000",
    "AUDIATUR_QUESTIONS_PER_SECOND": "900000",
    "AUDIATUR_QUEUE_LIMIT": "10000",
    "AUDIATUR_ANSWER_TIMEOUT_S": "300",
    "AUDIATUR_LOG_LEVEL": "WARNING",
}
"""Settings under which nobody is turned away."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the motions in both languages one of which opens its answer."""

    text: str
    motions: tuple[str, ...]


def questions(corpus: str) -> list[Asked]:
    """Return the questions of `seeds` or `stub`; neighbours belong to different debates."""
    folder = SEEDS if corpus == "seeds" else STUB_CORPUS
    examples = tomllib.loads((folder / "questions.toml").read_text(encoding="utf-8"))
    lines = []
    for debate in (folder / "debates").glob("*.toml"):
        motion = tomllib.loads(debate.read_text(encoding="utf-8"))["motion"]
        sides = examples.get(debate.stem, {})
        texts = [text for side in ("yes", "no") for text in sides.get(side, ())]
        lines.append([Asked(text, tuple(motion.values())) for text in texts])
    shortest = min(len(line) for line in lines if line)
    columns = zip_longest(*(line[:shortest] for line in lines if line))
    return [one for one in chain.from_iterable(columns) if one]
