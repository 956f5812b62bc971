"""Tells whether a database's schema is that of this version."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import SchemaMismatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

MIGRATIONS = Path(__file__).parent / "migrations"
"""The index's versions, in the order of their names; the bot's memory has its own folder."""
VERSIONS = "_yoyo_migration"
"""The table in which yoyo-migrations notes what was applied."""


def check_schema(connection: psycopg.Connection[Any], folder: Path = MIGRATIONS) -> None:
    """Refuse a database whose schema is not that of this version.

    Raises:
        SchemaMismatch: Versions of `folder` are missing, or there are newer ones.
    """
    known = sorted(path.stem for path in folder.glob("*.sql") if ".rollback" not in path.name)
    applied = set(_applied(connection))
    missing = [name for name in known if name not in applied]
    if missing:
        raise SchemaMismatch(
            f"the database's schema lacks {', '.join(missing)}; run audiatur migrate"
        )
    kind = re.escape(known[0].partition("_")[0])
    newer = sorted(name for name in applied if re.match(kind, name) and name not in known)
    if newer:
        raise SchemaMismatch(
            f"the database's schema has {', '.join(newer)}, which this version does not know; "
            "update audiatur here, as where audiatur migrate was run"
        )


def _applied(connection: psycopg.Connection[Any]) -> Sequence[str]:
    found = connection.execute("SELECT to_regclass(%s)", (VERSIONS,)).fetchone()
    if found is None or found[0] is None:
        return ()
    rows = connection.execute("SELECT migration_id FROM _yoyo_migration").fetchall()
    return [row[0] for row in rows]
