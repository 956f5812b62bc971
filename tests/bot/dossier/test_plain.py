"""What no page could show as text is shown as what it is: something that cannot be shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bot.dossier.plain import as_values

if TYPE_CHECKING:
    from tests.bot.dossier.conftest import Make


def test_values_are_those_of_the_records(make: Make) -> None:
    values = as_values(make("Größe: 5 €\n\tzweite Zeile"))
    assert values["title"] == "Größe: 5 €\n\tzweite Zeile"
    assert values["day"] == "2026-02-03"
    assert values["parts"][0]["columns"][0]["quotes"][0]["source"] == 1
    assert values["parts"][3]["ticked"] is None
    assert json.loads(json.dumps(values)) == values


@pytest.mark.parametrize("unfit", ["\x00", "\x07", "\x1b", "\x7f", "\x9b", "\ud800", "\uffff"])
def test_control_characters_and_halves_of_characters_are_replaced(make: Make, unfit: str) -> None:
    values = as_values(make(f"a{unfit}b"))
    assert values["parts"][1]["quotes"][0]["text"] == "a\N{REPLACEMENT CHARACTER}b"
    json.dumps(values, ensure_ascii=False).encode()


def test_line_ends_are_of_one_kind(make: Make) -> None:
    assert as_values(make("a\r\nb\rc"))["note"] == "a\nb\nc"
