"""Prunes a full Bot API description to what a validator needs, and writes `bot_api.json`.

Run `python -m bot.playground.schema.prune full.json` when the Bot API grows. The full
description names, for every method and type, its fields with their types, whether they are
required, and their limits; prose and links are dropped here.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

PRUNED = Path(__file__).with_name("bot_api.json")

# Recursive, so the source names it without spelling it out.
RICH_TEXT = "RichTextUnion"


def prune(full: dict[str, Any]) -> dict[str, Any]:
    """Return the description without prose: version, methods, types, unions and enums."""
    types = {name: full["types"][name] for name in sorted(_reachable(full))}
    return {
        "version": full["version"],
        "methods": {
            name: {
                "returns": method["returns"],
                "fields": [_field(field) for field in method["fields"]],
            }
            for name, method in full["methods"].items()
        },
        "types": {
            name: {"fields": [_field(field) for field in body["fields"]]}
            for name, body in types.items()
        },
        "unions": {
            RICH_TEXT: [
                "String",
                f"Array of {RICH_TEXT}",
                *sorted(name for name, body in types.items() if "RichText" in body["bases"]),
            ]
        },
        "enums": {
            name: full["enums"][name]
            for name in ("ChatAction", "MessageEntityType", "ParseMode", "UpdateType")
        }
        | {"ReactionEmoji": _reactions(types)},
    }


def _reachable(full: dict[str, Any]) -> set[str]:
    """Return the types that methods take or return; the source has others, its library's own."""
    types = full["types"]
    rich_texts = {name for name, body in types.items() if "RichText" in body["bases"]}
    bodies = list(full["methods"].values())
    found: set[str] = set()
    while bodies:
        body = bodies.pop()
        named = [*body.get("returns", []), *(t for f in body["fields"] for t in f["types"])]
        parts = {part for name in named for part in name.replace("Array of ", "").split("|")}
        if RICH_TEXT in parts:
            parts |= rich_texts
        new = parts & types.keys() - found
        found |= new
        bodies += [types[name] for name in new]
    return found


def _field(field: dict[str, Any]) -> dict[str, Any]:
    kept = {"name": field["name"], "types": [_plain(name) for name in field["types"]]}
    literal = any(name.startswith("Literal:") for name in field["types"])
    if literal:
        kept["types"] = ["Literal"]
        kept["literal"] = field["default"]
    # A literal has a default in the client library; on the wire it is what tells types apart.
    if field["required"] or literal:
        kept["required"] = True
    if "limit" in field:
        kept["limit"] = {key: field["limit"][key] for key in ("min", "max", "unit")}
    if "deprecated::" in field["description"]:
        kept["deprecated"] = True
    return kept


def _plain(name: str) -> str:
    """`Integer(date)` and `Integer(timedelta)` are integers on the wire."""
    return re.sub(r"\(\w+\)$", "", name)


def _reactions(types: dict[str, Any]) -> list[str]:
    """Return the emoji of reactions, which the API page lists in prose only."""
    fields = {field["name"]: field for field in types["ReactionTypeEmoji"]["fields"]}
    return re.findall(r'"([^"]+)"', fields["emoji"]["description"])


def encode(pruned: dict[str, Any]) -> str:
    """Return JSON with one method or type a line, so that a diff shows what changed."""
    sections = []
    for key, value in pruned.items():
        if isinstance(value, dict):
            lines = ",\n".join(f"{_compact(name)}:{_compact(body)}" for name, body in value.items())
            sections.append(f"{_compact(key)}:{{\n{lines}\n}}")
        else:
            sections.append(f"{_compact(key)}:{_compact(value)}")
    return "{\n" + ",\n".join(sections) + "\n}\n"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def main(source: Path, target: Path = PRUNED) -> None:
    """Read the full description from `source` and write the pruned one to `target`."""
    full = json.loads(source.read_text(encoding="utf-8"))
    target.write_text(encode(prune(full)), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
