"""No two living processes hold updates under one name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.settings import Settings
from bot.telegram.receiving.identity import ALONE, consumer_name

if TYPE_CHECKING:
    from pathlib import Path


def test_who_has_the_folder_alone_takes_the_same_name_again(tmp_path: Path) -> None:
    """What a killed process held is free at once for the next; a second one is somebody else."""
    settings = Settings(data=tmp_path)
    with consumer_name(settings) as first, consumer_name(settings) as second:
        assert first == ALONE
        assert second != ALONE
    with consumer_name(settings) as third:
        assert third == ALONE


@pytest.mark.parametrize(
    "shared",
    [Settings(redis_url="redis://x.org"), Settings(database_url="postgresql://x.org/audiatur")],
    ids=["redis", "postgres"],
)
def test_replicas_have_names_of_their_own(shared: Settings) -> None:
    """Machines that share a server have folders of their own, and are not alone for that."""
    names = set()
    for _ in range(3):
        with consumer_name(shared) as name:
            names.add(name)
    assert len(names) == 3
    assert ALONE not in names
