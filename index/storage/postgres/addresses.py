"""What is added to an operator's URLs, so that a lost server is noticed and a promoted one found.

A URL may name several hosts; libpq tries them in order.
"""

from __future__ import annotations

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

_PATIENCE = {
    "connect_timeout": "3",
    "tcp_user_timeout": "10000",
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
}
"""In seconds, but for `tcp_user_timeout`, in milliseconds."""


def for_writing(url: str) -> str:
    """Return the address of whichever host takes writes.

    Raises:
        ValueError: It is no address of PostgreSQL.
    """
    return _address(url, "read-write")


def for_reading(url: str) -> str:
    """Return the address of any host.

    Raises:
        ValueError: It is no address of PostgreSQL.
    """
    return _address(url, "any")


def without_password(url: str) -> str:
    """Return host, port and database, to be shown."""
    given = conninfo_to_dict(url)
    hosts = str(given.get("host") or "localhost").split(",")
    ports = str(given.get("port") or "5432").split(",")
    ports += ports[-1:] * (len(hosts) - len(ports))
    places = ",".join(f"{host}:{port}" for host, port in zip(hosts, ports, strict=False))
    return f"{places}/{given.get('dbname') or ''}"


def _address(url: str, target: str) -> str:
    try:
        given = conninfo_to_dict(url)
    except ProgrammingError as error:
        raise ValueError("the database's URL cannot be read; see docs/postgresql.md") from error
    known = {name: value for name, value in given.items() if value is not None}
    return make_conninfo("", **{**_PATIENCE, "target_session_attrs": target, **known})
