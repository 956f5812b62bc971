"""A dossier as one HTML page that needs nothing from outside."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.dossier.plain import as_values

if TYPE_CHECKING:
    from jinja2 import Template

    from bot.dossier.records import Dossier

_TEMPLATES = Path(__file__).parent / "templates"


def as_html(dossier: Dossier) -> str:
    """Return a dossier as a page; every text in it is escaped."""
    return _template().render(dossier=as_values(dossier))


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("dossier.html.jinja")
