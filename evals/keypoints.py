"""Measures whether excerpts that make the same point are recognised, and nothing else.

    .venv/bin/python evals/keypoints.py [--data ../shared]

On the dev motions of ArgKP-2021, and on `keypoints.jsonl`. Prints tables in Markdown and writes the
key "key points" of `results.json`. Skips what is not there. Vectors are kept; without them it takes
half a minute. A line of `keypoints.jsonl` is one side of a debate:

    {"documents", "debate", "side", "points": [{"point", "quotes": [...]}...], "either": [...]}

Two quotes of a point make the same point. `documents` is the folder they are from; `either` holds
pairs of points that honest readers may take for one, which count neither way.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from index.answering.keypoints import load_key_points
from index.encoding.cache import EmbeddingCache
from index.encoding.loading import load_encoder
from index.evaluation.keypoints import ARGKP, OWN, PART, measure
from index.evaluation.published import RESULTS, as_json, as_markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.encoding.protocol import Vectors
    from index.evaluation.parts import PartResult

ROOT = Path(__file__).resolve().parent.parent


def main(options: argparse.Namespace) -> None:
    """Measure, print and write."""
    encoder, cache = load_encoder(), EmbeddingCache(options.cache)

    def embed(texts: Sequence[str]) -> Vectors:
        return cache.encode_passages(encoder, texts).vectors

    key_points = load_key_points(encoder.fingerprint)
    result = measure(embed, key_points, options.data / ARGKP, ROOT / "evals" / OWN)
    print(as_markdown(PART, result))
    if result.absent:
        print("nothing is written where something could not be measured")
    else:
        write(options.results, result)


def write(path: Path, result: PartResult) -> None:
    """Write our key of the results and keep the others as they are."""
    results = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    results |= json.loads(as_json([(PART, result)]))
    path.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--cache", type=Path, default=ROOT / ".cache/keypoints.sqlite")
    parser.add_argument("--results", type=Path, default=ROOT / "evals" / RESULTS)
    return parser.parse_args()


if __name__ == "__main__":
    main(_options())
