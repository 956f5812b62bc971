"""A snapshot says what it is, and a wrong one is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from index.errors import SnapshotDamaged, SnapshotMismatch
from index.storage.manifest import FORMAT, Manifest, read_manifest

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = Manifest(
    format=FORMAT,
    created="2026-01-02T03:04:05+00:00",
    corpus="c0ffee",
    model="stub",
    stance=None,
    reading="stub+adapter",
    dimension=64,
    documents=3,
    passages=6,
    sentences=20,
    debates=2,
    labels=9,
    languages=("de", "en"),
    checksums={"a": "b"},
)


def test_a_manifest_comes_back_the_same(tmp_path: Path) -> None:
    MANIFEST.write(tmp_path)
    assert read_manifest(tmp_path) == MANIFEST


def test_another_format_is_refused_with_both_numbers(tmp_path: Path) -> None:
    replace(MANIFEST, format=FORMAT + 7).write(tmp_path)
    with pytest.raises(SnapshotMismatch, match=f"format {FORMAT + 7}, this version reads {FORMAT}"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "{",
        "[]",
        "null",
        "{}",
        json.dumps({"format": FORMAT}),
        json.dumps({"format": FORMAT, "languages": ["de"]}),
        json.dumps({"format": FORMAT, "languages": 3}),
    ],
)
def test_a_damaged_manifest_is_damaged(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(SnapshotDamaged, match=r"the manifest in .* cannot be read; run audiatur"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(("model", "dimension"), [("other", 64), ("stub", 63)])
def test_another_encoder_is_refused_with_both_names(model: str, dimension: int) -> None:
    MANIFEST.check_model("stub", 64, "stub+adapter")
    with pytest.raises(SnapshotMismatch, match="made with stub") as caught:
        MANIFEST.check_model(model, dimension, "stub+adapter")
    assert f"{model} ({dimension})" in str(caught.value)
    assert "run audiatur reindex" in str(caught.value)


def test_another_adapter_for_questions_is_refused() -> None:
    with pytest.raises(SnapshotMismatch, match="another adapter; run audiatur reindex"):
        MANIFEST.check_model("stub", 64, "stub+other")
