"""Interface texts in the reader's language, from gettext catalogues.

The `.po` files are read as they are: there is no compiled copy that could be stale.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from typing import TYPE_CHECKING

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

if TYPE_CHECKING:
    from datetime import date

    from index.corpus.remarks import Remark

LOCALES = Path(__file__).parent / "locales"
DOMAIN = "audiatur"
DEFAULT = "en"

Translate = Callable[[str], str]


@cache
def translations() -> dict[str, GNUTranslations]:
    """Return the catalogues by language; English stands in the code itself."""
    found: dict[str, GNUTranslations] = {}
    for path in sorted(LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        compiled = io.BytesIO()
        with path.open("rb") as file:
            write_mo(compiled, read_po(file, domain=DOMAIN))
        compiled.seek(0)
        found[path.parts[-3]] = GNUTranslations(compiled)
    return found


def languages() -> tuple[str, ...]:
    """Return the languages that the interface speaks."""
    return (DEFAULT, *(language for language in translations() if language != DEFAULT))


def interface_language(*wished: str | None) -> str:
    """Return the first wish that the interface speaks, else English; "de-AT" counts as "de"."""
    for wish in wished:
        language = (wish or "").split("-")[0].lower()
        if language in languages():
            return language
    return DEFAULT


def translator(language: str) -> Translate:
    """Return the function that translates into a language, English unchanged."""
    catalogue = translations().get(language)
    return catalogue.gettext if catalogue else lambda text: text


def said(remark: Remark, language: str) -> str:
    """Return a remark on a file or a label in a language."""
    return remark.said(translator(language), lambda number: written_number(number, language))


def written_number(number: float, language: str) -> str:
    """Return a number as it is written in a language: 2.501,5 and 2,501.5."""
    return str(format_decimal(number, locale=language))


def written_date(day: date, language: str) -> str:
    """Return a date as it is written in a language: 18.02.2011, Feb 18, 2011."""
    return format_date(day, format="medium", locale=language)
