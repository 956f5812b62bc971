"""Reads the fields of a TOML table, so that each mistake is named with its file and place."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.debates.records import Localised
from index.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_SHORT_NAME = re.compile(r"[a-z0-9-]{1,16}")
_LANGUAGE = re.compile(r"[a-z]{2}")


@dataclass(frozen=True, slots=True)
class Table:
    """A table, and where it stands: a file, and what in it."""

    where: str
    content: Mapping[str, Any]

    @classmethod
    def of_file(cls, path: Path) -> Table:
        """Read a file.

        Raises:
            CorpusError: It is not valid TOML.
        """
        try:
            return cls(str(path), tomllib.loads(path.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise CorpusError(f"{path}: not valid TOML ({error}); mend it and reindex") from error

    def __contains__(self, name: str) -> bool:
        return name in self.content

    def wrong(self, reason: str) -> CorpusError:
        """Return what to raise where this table is wrong."""
        return CorpusError(f"{self.where}: {reason}")

    def allow(self, *names: str) -> None:
        """Refuse fields of other names: they are typing errors that would go unnoticed."""
        strangers = sorted(set(self.content) - set(names))
        if strangers:
            raise self.wrong(f"{strangers[0]!r} is no field here; known are {', '.join(names)}")

    def text(self, name: str) -> str:
        """Return a text that is given once, for all languages."""
        value = self.content.get(name)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(f'needs {name} = "…"')
        return value

    def short_name(self, name: str = "id") -> str:
        """Return a name that fits, with two others, on a button of a chat."""
        value = self.text(name)
        if not _SHORT_NAME.fullmatch(value):
            raise self.wrong(f"{name} = {value!r} should be 1 to 16 of a-z, 0-9 and -")
        return value

    def localised(self, name: str, longest: int) -> Localised:
        """Return a text in one or more languages, each of at most `longest` code points."""
        texts = self.content.get(name)
        if not isinstance(texts, dict) or not texts:
            raise self.wrong(f'needs {name} = {{ de = "…", en = "…" }}')
        return Localised({code: self._checked(name, code, texts[code], longest) for code in texts})

    def tables(self, name: str, fewest: int, most: int) -> list[Table]:
        """Return the tables of an array of them, `[[name]]`."""
        value = self.content.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.wrong(f"{name} should be an array of tables: [[{name}]]")
        if not fewest <= len(value) <= most:
            raise self.wrong(f"has {len(value)} {name}s; give {fewest} to {most}, as [[{name}]]")
        return [Table(f"{self.where}, {name} {at}", one) for at, one in enumerate(value, start=1)]

    def _checked(self, name: str, code: str, text: object, longest: int) -> str:
        if not _LANGUAGE.fullmatch(code):
            raise self.wrong(f"{name}.{code}: {code!r} is no language of two letters")
        if not isinstance(text, str) or not text.strip():
            raise self.wrong(f"{name}.{code} should be a text, and not empty")
        if len(text.strip()) > longest:
            raise self.wrong(
                f"{name}.{code} has {len(text.strip())} characters; shorten it to {longest}"
            )
        if any(unicodedata.category(letter) == "Cc" and letter != "\n" for letter in text):
            raise self.wrong(f"{name}.{code} holds a control character; take it out")
        return text.strip()
