"""A whole question, in process and warm: what it takes, over what the encoder takes for it alone.

    .venv/bin/python benchmarks/asking.py [--passages 0 100000] [--every 2]

The held-out questions of `evals/questions.test.jsonl`, in nine languages, each asked once: to the
five documents of the seeds, and to these beside so many made passages (synthesised vectors, see
`passages`). Before each question the encoder alone encodes it. Within the answer one pass gives its
vector and that of the encoder's twin, which reads questions, also of the question without its
negations; one that no debate covers may need passes of the stance model. "models" is what all these
took, and "own" is the rest.
"""

from __future__ import annotations

import argparse
import json
import time
from typing import TYPE_CHECKING, Any

import numpy as np
from made_corpus import snapshot_with
from processes import ROOT
from recording import brief, record, say, show

from index.answering.advisor import Advisor
from index.encoding.loading import load_encoder
from index.encoding.twins import Both, twins
from index.stance.bundled import load_bundled_stance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.encoding.protocol import Encoder, Vectors
    from index.stance.protocol import Shares, StanceModel

QUESTIONS = ROOT / "evals/questions.test.jsonl"
_WARM = 12
_VECTORS = "the seeds' are real, all others are synthesised from real ones"
_BRIEF = (
    "passages", "encoder alone ms", "whole question ms", "model passes", "own ms",
    "whole to models", "whole to encoder alone",
)  # fmt: skip
Row = dict[str, Any]


class Watch:
    """How long models were at work, and how often they were asked."""

    def __init__(self) -> None:
        self.ms = self.cpu_ms = 0.0
        self.passes = 0

    def __enter__(self) -> None:
        self.passes += 1
        self._began = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        began, began_cpu = self._began
        self.ms += 1000 * (time.perf_counter() - began)
        self.cpu_ms += 1000 * (time.process_time() - began_cpu)


class TimedBoth(Both):
    """Both encoders under a watch."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of questions, `(Q,) -> (Q, 2 D)`."""
        with self._watch:
            return super().encode_queries(texts)


class TimedStance:
    """A stance model under a watch."""

    def __init__(self, stance: StanceModel, watch: Watch) -> None:
        self._stance, self._watch = stance, watch
        self.name, self.fingerprint, self.certain = stance.name, stance.fingerprint, stance.certain

    def shares(self, motion: str, texts: Sequence[str]) -> Shares:
        """Return how likely each text is for each side."""
        with self._watch:
            return self._stance.shares(motion, texts)


def main() -> None:
    """Measure, print, record."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--passages", type=int, nargs="+", default=[0, 100_000])
    parser.add_argument("--every", type=int, default=1, help="leave questions out between")
    options = parser.parse_args()
    watch = Watch()
    encoder, both, stance = load_encoder(), TimedBoth(watch), load_bundled_stance()
    questions = [json.loads(line)["question"] for line in QUESTIONS.open(encoding="utf-8")]
    questions = questions[:: options.every]
    rows = []
    for count in options.passages:
        advisor = Advisor(
            snapshot_with(count, encoder, both.adapted, stance, say),
            *twins(both),
            TimedStance(stance, watch),
        )
        rows.append(_row(advisor, encoder, watch, questions))
        say(str(rows[-1]))
    show(list(rows[0]), [list(row.values()) for row in rows])
    record("asking", {"vectors": _VECTORS, "rows": rows, "brief": brief(rows, _BRIEF)})


def _row(advisor: Advisor, encoder: Encoder, watch: Watch, questions: Sequence[str]) -> Row:
    motions = [debate.motion.in_language("en") for debate in advisor.snapshot.agenda.debates]
    for question in (*motions, *questions[:_WARM]):  # the bot, too, answers its motions first
        advisor.advise(question)
    times, answered = [], 0
    watch.passes = 0
    asked = questions[_WARM:]
    for question in asked:
        began = time.perf_counter()
        encoder.encode_queries([question])
        encoded, encoded_cpu = time.perf_counter(), time.process_time()
        watch.ms = watch.cpu_ms = 0.0
        answered += advisor.advise(question).answered
        whole = 1000 * (time.perf_counter() - encoded)
        cpu = 1000 * (time.process_time() - encoded_cpu)
        alone = 1000 * (encoded - began)
        times.append((alone, whole, watch.ms, whole - watch.ms, cpu, watch.cpu_ms))
    alone, whole, models, own, cpu, models_cpu = np.array(times).T
    return {
        "passages": advisor.snapshot.manifest.passages,
        "encoder alone ms": _median(alone),
        "whole question ms": _median(whole),
        "p95 ms": round(float(np.percentile(whole, 95)), 1),
        "models ms": _median(models),
        "model passes": round(watch.passes / len(asked), 2),
        "own ms": _median(own),
        "own p95 ms": round(float(np.percentile(own, 95)), 1),
        "own CPU ms": _median(cpu - models_cpu),
        "whole to models": round(float(np.median(whole / models)), 2),
        "in CPU time": round(float(np.median(cpu / models_cpu)), 2),
        "whole to encoder alone": round(float(np.median(whole / alone)), 2),
        "answered": f"{answered} of {len(asked)}",
    }


def _median(values: np.ndarray) -> float:
    return round(float(np.median(values)), 1)


if __name__ == "__main__":
    main()
