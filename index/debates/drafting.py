"""Drafts a debate from its motion: a file to fill in, beside the corpus' other debates."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from index.debates.escaping import in_comment, quoted
from index.debates.loading import DEBATES_FOLDER
from index.debates.records import Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_LONGEST_NAME = 48
_SPELT_OUT = str.maketrans(
    dict(zip("äöüßıłøæœ", ["ae", "oe", "ue", "ss", "i", "l", "o", "ae", "oe"], strict=True))
)
_NAMES = {
    "de": {Side.YES: "Dafür", Side.NO: "Dagegen"},
    "en": {Side.YES: "For", Side.NO: "Against"},
    "es": {Side.YES: "A favor", Side.NO: "En contra"},
    "fr": {Side.YES: "Pour", Side.NO: "Contre"},
    "it": {Side.YES: "A favore", Side.NO: "Contro"},
    "tr": {Side.YES: "Lehte", Side.NO: "Aleyhte"},
}


def draft_debate(
    corpus: Path, motion: str, language: str, name: str | None, sides: Mapping[Side, str]
) -> Path:
    """Write `debates/<name>.toml` with a motion and two named sides; return the file.

    `name` comes from the motion where it is not given, and so do the sides' names.

    Raises:
        ValueError: The motion is empty, or the name is taken or cannot be used.
    """
    if not motion.strip():
        raise ValueError("the motion is empty; write what is for or against, in quotes")
    chosen = name or name_of(motion)
    if not re.fullmatch(rf"[a-z0-9-]{{1,{_LONGEST_NAME}}}", chosen):
        raise ValueError(f"{chosen!r} cannot name a debate; choose a-z, 0-9 and - with --id")
    path = corpus / DEBATES_FOLDER / f"{chosen}.toml"
    if path.exists():
        raise ValueError(f"{path} is there already; choose another name with --id")
    names = {**_NAMES.get(language, _NAMES["en"]), **sides}
    lines = [f"motion = {{ {language} = {quoted(motion.strip())} }}"]
    lines += [f"{side} = {{ {language} = {quoted(names[side])} }}" for side in (Side.YES, Side.NO)]
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def list_passages(path: Path, passages: Iterable[tuple[str, str, str]]) -> None:
    """Add passages to a draft as comments: `(document, heading, text)`, the most relevant first."""
    lines = ["", "# Most relevant passages; label whole sentences of them, copied exactly:"]
    for document, heading, text in passages:
        place = f"{document} · {heading}" if heading else document
        lines += [f"# {in_comment(place)}", f"#   {in_comment(text)}"]
    with path.open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def name_of(motion: str) -> str:
    """Return a debate's name made from its motion: up to six words of a-z and 0-9."""
    spelt = unicodedata.normalize("NFKD", motion.lower().translate(_SPELT_OUT))
    words = re.findall(r"[a-z0-9]+", spelt.encode("ascii", "ignore").decode())
    return "-".join(words[:6])[:_LONGEST_NAME].strip("-")
