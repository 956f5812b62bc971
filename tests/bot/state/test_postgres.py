"""What is true of PostgreSQL: restarts, cut connections, deadlocks, a promoted replica."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from bot.settings import Settings
from bot.state import postgres, postgres_inbox
from bot.state.errors import StateError, StateUnreachable
from bot.state.opening import open_state
from bot.state.postgres import Database, fetched
from bot.state.postgres_inbox import PostgresInbox
from bot.state.postgres_store import PostgresStore
from bot.state.protocol import Arrival, Stage
from tests.bot.state.conftest import PostgresTables, migrate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.state.opening import State
    from bot.state.postgres import Connection
    from tests.postgres import PostgresServer

SOON_S = 0.3
LEASE_S = 4.0
LONG_S = 60.0


def _cut(url: str) -> int:
    """Cut all connections to a database but this one; return how many there were."""
    statement = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(statement).rowcount


@pytest.fixture
async def state(postgres_tables: PostgresTables) -> AsyncIterator[State]:
    opened = await open_state(Settings(database_url=postgres_tables.url))
    yield opened
    await opened.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls give up soon, and not after seconds."""
    monkeypatch.setattr(postgres, "PATIENCE_S", SOON_S)
    monkeypatch.setattr(postgres, "_TRY_S", SOON_S)


@pytest.mark.usefixtures("impatient")
async def test_it_goes_on_after_the_server_was_killed(
    state: State, postgres_server: PostgresServer
) -> None:
    """A killed server that comes back has all that was received; nobody needs a new connection."""
    await state.store.put("space", "key", 1, owner=7)
    await state.inbox.receive([Arrival(1, "a", {"n": 1}), Arrival(2, "a", {})])
    await state.inbox.claim("me", 1, LONG_S)
    await state.inbox.mark(1, Stage.SENDING)
    postgres_server.kill()
    try:
        with pytest.raises(
            StateUnreachable, match=r"does not answer .*AUDIATUR_DATABASE_URL|refused"
        ):
            await state.inbox.mark(1, Stage.SENT)
    finally:
        postgres_server.start()
    assert await state.store.entries("space") == [("key", 1)]
    assert await state.inbox.receive([Arrival(1, "a", {})]) == 0
    assert await state.inbox.release("me") == 1
    (claim,) = await state.inbox.claim("you", 9, LONG_S)
    assert (claim.payload, claim.stage, claim.attempts) == ({"n": 1}, Stage.SENDING, 2)


async def test_calls_wait_for_a_server_that_restarts(
    state: State, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is called while the server is away is done once it is back, and once only."""
    monkeypatch.setattr(postgres, "PATIENCE_S", LONG_S)
    await state.store.count("space", "key")
    await asyncio.to_thread(postgres_server.stop)
    calls: list[Awaitable[Any]] = [
        state.store.count("space", "key"),
        state.store.add("space", "new", 1),
        state.store.remove("space", "none"),
        state.inbox.receive([Arrival(1, "a", {})]),
    ]
    called = asyncio.gather(*calls)
    await asyncio.sleep(SOON_S)
    assert not called.done()
    await asyncio.to_thread(postgres_server.start)
    assert await called == [2, True, False, 1]


@dataclass
class Working:
    """Handles updates through connections that break, as the bot's consumers do."""

    state: State
    name: str
    handled: list[int]
    counted: Counter[bool]

    async def consume(self) -> None:
        """Handle updates until none waits."""
        inbox = self.state.inbox
        renewing = asyncio.create_task(self._renew())
        while await _surely(inbox.waiting):
            claims = await _surely(lambda: inbox.claim(self.name, 3, LEASE_S))
            await asyncio.gather(*(self._handle(claim.update_id) for claim in claims))
            if not claims:
                await _surely(lambda: inbox.changed(SOON_S))
        renewing.cancel()
        await asyncio.wait([renewing])

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(SOON_S)
            await _surely(lambda: self.state.inbox.renew(self.name, LEASE_S))

    async def _handle(self, number: int) -> None:
        self.handled.append(number)
        try:
            await self.state.store.count("space", "handled")
            self.counted[True] += 1
        except StateError:
            self.counted[False] += 1
        await _surely(lambda: self.state.inbox.mark(number, Stage.SENT))
        await _surely(lambda: self.state.inbox.finish(number))


async def _surely(call: Callable[[], Awaitable[Any]]) -> Any:
    while True:
        with suppress(StateError):
            return await call()


async def _cut_often(url: str) -> int:
    cut = 0
    for _ in range(10):
        cut += await asyncio.to_thread(_cut, url)
        await asyncio.sleep(SOON_S)
    return cut


async def test_nothing_is_lost_or_done_twice_while_connections_are_cut(
    state: State, postgres_tables: PostgresTables
) -> None:
    """Cut again and again: each update is handled once, in order; each count counts once or fails.

    A claim whose answer was cut off ends with its lease.
    """
    total, lines = 300, 6
    handled, counted = list[int](), Counter[bool]()
    other = await open_state(Settings(database_url=postgres_tables.url))
    cutting = asyncio.create_task(_cut_often(postgres_tables.url))
    async with asyncio.timeout(LONG_S):
        for number in range(total):
            given = [Arrival(number, f"line {number % lines}", {})]
            await _surely(lambda: state.inbox.receive(given))  # noqa: B023 - awaited at once
        await asyncio.gather(
            Working(state, "one", handled, counted).consume(),
            Working(other, "two", handled, counted).consume(),
        )
    assert await cutting > 10
    assert sorted(handled) == list(range(total))
    for line in range(lines):
        mine = [number for number in handled if number % lines == line]
        assert mine == sorted(mine)
    known = (await state.store.counts("space")).get("handled", 0)
    assert counted[True] <= known <= total
    await other.close()


async def test_work_that_was_cut_short_is_repeated_only_where_it_may_be(
    state: State, postgres_tables: PostgresTables
) -> None:
    """Where the connection breaks in the middle, a count is not tried again, a value is."""
    database = _database(state)
    begun = Counter[bool]()

    async def work(connection: Connection, *, repeatable: bool) -> int:
        begun[repeatable] += 1
        if begun[repeatable] == 1:
            _cut(postgres_tables.url)
        return int((await fetched(connection, "SELECT 1"))[0][0])

    assert await database.run(lambda c: work(c, repeatable=True)) == 1
    with pytest.raises(StateUnreachable, match="closed the connection"):
        await database.run(lambda c: work(c, repeatable=False), repeatable=False)
    assert begun == {True: 2, False: 1}


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
async def test_a_stricter_default_isolation_changes_nothing(database_url: str, level: str) -> None:
    """What others do at the same time is seen, so that no line is left without its next update."""
    migrate(database_url)
    name = database_url.rpartition("/")[2]
    with psycopg.connect(database_url, autocommit=True) as connection:
        statement = f"ALTER DATABASE {name} SET default_transaction_isolation = '{level}'"
        connection.execute(statement.encode())
    one, two = [await open_state(Settings(database_url=database_url)) for _ in range(2)]
    await one.inbox.receive([Arrival(0, "a", {})])
    for number in range(20):
        (claim,) = await one.inbox.claim("me", 1, LONG_S)
        following = [Arrival(number + 1, "a", {})]
        await asyncio.gather(one.inbox.finish(claim.update_id), two.inbox.receive(following))
    await asyncio.gather(*(state.store.count("s", "k") for state in [one, two] * 20))
    assert await one.store.counts("s") == {"k": 40}
    await one.close()
    await two.close()


async def test_a_deadlock_is_resolved(state: State) -> None:
    """Of two that wait for each other, the server ends one; it is done again."""
    database = _database(state)
    for key in (b"a", b"b"):
        await database.rows("INSERT INTO bot_counters VALUES ('s', %s, 0)", key)
    meeting = asyncio.Barrier(2)
    begun = 0

    async def work(connection: Connection, *keys: bytes) -> None:
        nonlocal begun
        begun += 1
        first = begun <= 2
        async with connection.transaction():
            for key in keys:
                await connection.execute(
                    "UPDATE bot_counters SET number = number + 1 WHERE key = %s", [key]
                )
                if first and key == keys[0]:
                    await meeting.wait()

    await asyncio.gather(
        database.run(lambda c: work(c, b"a", b"b"), repeatable=False),
        database.run(lambda c: work(c, b"b", b"a"), repeatable=False),
    )
    assert begun == 3
    assert await state.store.counts("s") == {"a": 2, "b": 2}


async def test_a_statement_that_takes_too_long_is_given_up(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that does not answer is told of, and its connection is free again."""
    monkeypatch.setattr(postgres, "_ANSWER_S", SOON_S)
    began = time.monotonic()
    given_up = [
        state.store._database.rows("SELECT pg_sleep(60)")  # type: ignore[attr-defined]
        for _ in range(12)
    ]
    told = await asyncio.gather(*given_up, return_exceptions=True)
    assert {type(error) for error in told} == {StateUnreachable}
    assert "in time" in str(told[0])
    assert await state.store.get("space", "key") is None
    assert time.monotonic() - began < LONG_S / 2


async def test_a_cancelled_caller_ends_soon(state: State) -> None:
    """Cancellation is not swallowed at whatever moment it comes, so that consumers can end."""
    for turns in range(12):
        task = asyncio.create_task(state.inbox.waiting())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task], timeout=10)
        assert task.cancelled() or task.result() == 0
    slow = asyncio.create_task(_database(state).rows("SELECT pg_sleep(60)"))
    await asyncio.sleep(0.1)
    slow.cancel()
    await asyncio.wait([slow], timeout=10)
    assert slow.cancelled()
    assert await state.inbox.waiting() == 0


@pytest.mark.parametrize("event", ["elsewhere", "lease", "restart"])
async def test_rings_are_heard_without_looking(
    state: State,
    postgres_tables: PostgresTables,
    monkeypatch: pytest.MonkeyPatch,
    event: str,
) -> None:
    """Another process' arrival and the end of a lease wake whoever waits; so after a break."""
    monkeypatch.setattr(postgres_inbox, "_POLL_S", 2 * LONG_S)
    other = await open_state(Settings(database_url=postgres_tables.url))
    await state.inbox.receive([Arrival(1, "a", {})])
    await state.inbox.claim("me", 1, 1.0 if event == "lease" else LONG_S)
    await asyncio.sleep(0.1)
    waiting = asyncio.create_task(state.inbox.changed(LONG_S))
    await asyncio.sleep(0.1)
    if event == "restart":
        _cut(postgres_tables.url)
        await asyncio.sleep(0.1)
    assert not waiting.done()
    if event != "lease":
        await other.inbox.receive([Arrival(2, "b", {})])
    await asyncio.wait_for(waiting, 20)
    await other.close()


@pytest.mark.usefixtures("impatient")
async def test_closing_does_not_wait_for_a_server_that_is_gone(
    postgres_tables: PostgresTables, postgres_server: PostgresServer
) -> None:
    """Without its server a state still closes, and soon."""
    state = await open_state(Settings(database_url=postgres_tables.url))
    postgres_server.kill()
    try:
        with pytest.raises(StateUnreachable):
            await state.store.get("space", "key")
        await asyncio.wait_for(state.close(), 20)
    finally:
        postgres_server.start()


async def test_a_promoted_replica_is_followed(
    own_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the address names both, the state goes on with the new primary, and has all."""
    monkeypatch.setattr(postgres, "PATIENCE_S", LONG_S)
    url = own_server.new_database()
    migrate(url)
    name = url.rpartition("/")[2]
    replica = await asyncio.to_thread(own_server.replica)
    try:
        both = f"127.0.0.1:{replica.port},127.0.0.1:{own_server.port}"
        own_server.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        own_server.execute("SELECT pg_reload_conf()")
        state = await open_state(Settings(database_url=f"postgresql://postgres@{both}/{name}"))
        with pytest.raises(StateUnreachable, match="read-only replica; give its primary's"):
            await open_state(Settings(database_url=replica.url(name)))
        await state.inbox.receive([Arrival(1, "a", {"n": 1})])
        own_server.kill()
        calling = asyncio.create_task(state.inbox.receive([Arrival(2, "b", {"n": 2})]))
        await asyncio.to_thread(replica.promote)
        assert await calling == 1
        claims = await state.inbox.claim("me", 9, LONG_S)
        assert [claim.payload for claim in claims] == [{"n": 1}, {"n": 2}]
        await state.close()
    finally:
        replica.close()


async def test_an_add_that_runs_twice_keeps_its_answer(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run again after a broken connection, an add that had won still says so."""
    database = _database(state)
    run = database.rows

    async def twice(*given: Any, **more: Any) -> Any:
        await run(*given, **more)
        return await run(*given, **more)

    monkeypatch.setattr(database, "rows", twice)
    assert await state.store.add("space", "key", 1)
    assert not await state.store.add("space", "key", 2)
    assert await state.store.entries("space") == [("key", 1)]


async def test_ended_windows_are_tidied_away(state: State, postgres_tables: PostgresTables) -> None:
    """Whose window it was is not kept beyond its end; a window that goes on stays."""
    assert isinstance(state.store, PostgresStore)
    await state.store.hit("asking 77777777", 0.05)
    await state.store.hit("asking 5", LONG_S)
    await asyncio.sleep(0.1)
    await state.store.tidy()
    assert "77777777" not in postgres_tables.kept()
    assert await state.store.hit("asking 5", LONG_S) == 2


async def test_numbers_are_forgotten_after_a_day(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tidying deletes finished numbers of more than a day ago, and nothing that waits."""
    inbox = state.inbox
    assert isinstance(inbox, PostgresInbox)
    await inbox.receive([Arrival(1, "a", {}), Arrival(2, "a", {})])
    await inbox.finish(1)
    await inbox.tidy()
    assert await inbox.receive([Arrival(1, "a", {})]) == 0
    monkeypatch.setattr(postgres_inbox, "REMEMBERED_S", -1.0)
    await inbox.tidy()
    assert await inbox.receive([Arrival(1, "a", {})]) == 1
    assert await inbox.waiting() == 2


def _database(state: State) -> Database:
    assert isinstance(state.store, PostgresStore)
    return state.store._database
