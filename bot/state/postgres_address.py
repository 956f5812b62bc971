"""The address of a PostgreSQL server, and its errors in our words, which hold nothing secret.

Where the address names several servers (`host=a,b`), the one that can be written to is used; after
a promotion that is another one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bot.state.errors import StateError, StateUnreachable

SETTING = "AUDIATUR_DATABASE_URL"
MIGRATE = "run `audiatur migrate`"
_UNLESS_GIVEN = {
    "application_name": "audiatur",
    "connect_timeout": "5",
    # so that a server that vanished without a word is given up in seconds, not in hours
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
    "target_session_attrs": "read-write",
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server is; `where` may be told to anybody."""

    conninfo: str = field(repr=False)
    where: str

    def translated(self, error: psycopg.Error) -> StateError:
        """Return what went wrong while a statement ran."""
        at = f"PostgreSQL at {self.where} ({SETTING})"
        if isinstance(error, (errors.UndefinedTable, errors.UndefinedColumn)):
            return StateError(f"{at} lacks a table or column of the bot's; {MIGRATE}")
        if isinstance(error, errors.InsufficientPrivilege):
            return StateUnreachable(f"{at} refuses us; grant this user all rights on its tables")
        if isinstance(error, errors.ReadOnlySqlTransaction):
            return StateError(f"{at} cannot be written to; give the address of its primary")
        if isinstance(error, errors.DiskFull):
            return StateError(f"{at} has no space left; free some on its disk")
        if is_loss(error):
            return StateUnreachable(f"{at} closed the connection; is it running?")
        return StateError(f"{at} cannot be used: {_line(error)}")

    def unreachable(self, error: psycopg.Error | None) -> StateError:
        """Return why there is no connection; `None` where all are in use."""
        at = f"PostgreSQL at {self.where} ({SETTING})"
        if error is None:
            return StateUnreachable(f"{at} is too slow: every connection to it is in use")
        told = _line(error)
        if "read-only" in told:
            return StateUnreachable(f"{at} is a read-only replica; give its primary's address")
        if "FATAL" in told or _asked_for_password(error):
            return StateUnreachable(
                f"{at} refuses us ({told}); check the user, password and database in it"
            )
        return StateUnreachable(
            f"{at} does not answer ({told}); is it running, and the address right?"
        )


def address_of(url: str) -> Address:
    """Return an address.

    Raises:
        StateError: It cannot be read; the message does not repeat it.
    """
    given = _parsed(url)
    if given is None:
        # Raised out here: the error in there quotes the address, and with it the password.
        raise StateError(
            f"{SETTING} is no address of PostgreSQL; write postgresql://user:password@host:5432/"
            "database, with special characters of the password as %40"
        )
    where = f"{given.get('host', 'localhost')}:{given.get('port', 5432)}/{given.get('dbname', '')}"
    return Address(make_conninfo("", **(_UNLESS_GIVEN | given)), where)


def is_loss(error: psycopg.Error) -> bool:
    """Tell whether the connection broke: what was being done may or may not have been done."""
    return isinstance(error, psycopg.OperationalError) and (
        error.sqlstate is None or error.sqlstate[:3] in ("57P", "080")
    )


def _parsed(url: str) -> dict[str, str] | None:
    """Return the parts of an address; `None` where a part of the password may be among others."""
    try:
        given = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    except psycopg.ProgrammingError:
        return None
    ports = given.get("port", "").replace(",", "")
    misplaced = "@" in given.get("host", "") + given.get("dbname", "")
    return None if misplaced or (ports and not ports.isdigit()) else given


def _asked_for_password(error: psycopg.Error) -> bool:
    connection = error.pgconn
    return connection is not None and (connection.needs_password or connection.used_password)


def _line(error: psycopg.Error) -> str:
    """Return the server's own words in one line, without the values that people wrote."""
    told = error.diag.message_primary or str(error)
    return " ".join(told.split())
