"""Loads the pruned Bot API description into records.

Knows names, types and limits; whether a value fits them is `validation`'s question.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a string may be; `unit` is "characters" (UTF-16 units) or "bytes"."""

    min: int
    max: int
    unit: str


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter of a method or one field of a type."""

    name: str
    types: tuple[str, ...]
    required: bool = False
    deprecated: bool = False
    limit: Limit | None = None
    literal: str | int | bool | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of a method or of a type, by name."""

    name: str
    fields: Mapping[str, Field]

    @property
    def required(self) -> frozenset[str]:
        """Names of the fields that must be there."""
        return frozenset(field.name for field in self.fields.values() if field.required)


@dataclass(frozen=True, slots=True)
class Description:
    """The whole Bot API: what can be called, and with what."""

    version: str
    methods: Mapping[str, Shape]
    types: Mapping[str, Shape]
    unions: Mapping[str, tuple[str, ...]]
    enums: Mapping[str, frozenset[str]]
    returns: Mapping[str, tuple[str, ...]]

    def find_method(self, name: str) -> Shape | None:
        """Return a method whatever the case of its name, as Telegram does."""
        return self.methods.get(name) or self._by_lower_case().get(name.lower())

    def _by_lower_case(self) -> dict[str, Shape]:
        return {name.lower(): shape for name, shape in self.methods.items()}


@cache
def bot_api() -> Description:
    """Return the description that ships with the package."""
    source = resources.files(__package__).joinpath("bot_api.json")
    raw = json.loads(source.read_text(encoding="utf-8"))
    return Description(
        version=raw["version"],
        methods={name: _shape(name, body) for name, body in raw["methods"].items()},
        types={name: _shape(name, body) for name, body in raw["types"].items()},
        unions={name: tuple(members) for name, members in raw["unions"].items()},
        enums={name: frozenset(values) for name, values in raw["enums"].items()},
        returns={name: tuple(body["returns"]) for name, body in raw["methods"].items()},
    )


def _shape(name: str, body: dict[str, Any]) -> Shape:
    return Shape(name, {field["name"]: _field(field) for field in body["fields"]})


def _field(raw: dict[str, Any]) -> Field:
    limit = raw.get("limit")
    return Field(
        name=raw["name"],
        types=tuple(raw["types"]),
        required=raw.get("required", False),
        deprecated=raw.get("deprecated", False),
        limit=Limit(**limit) if limit else None,
        literal=raw.get("literal"),
    )
