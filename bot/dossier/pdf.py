"""A dossier as a PDF, set by typst with the fonts that it brings along.

The texts reach the template as data: nothing of them is ever read as typst's language.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import typst

from bot.dossier.plain import as_values

if TYPE_CHECKING:
    from bot.dossier.records import Dossier

_TEMPLATES = Path(__file__).parent / "templates"


def as_pdf(dossier: Dossier) -> bytes:
    """Return a dossier as a PDF of A4 pages; takes some 100 ms of work.

    What the fonts do not hold (emoji, Chinese) is shown as an empty box.
    """
    return typst.compile(
        _TEMPLATES / "dossier.typ",
        root=_TEMPLATES,
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"dossier": json.dumps(as_values(dossier), ensure_ascii=False)},
    )


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
