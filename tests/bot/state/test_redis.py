"""What is true of Redis: restarts, servers that are not there, secrets."""

from __future__ import annotations

import asyncio
import traceback
from typing import TYPE_CHECKING

import pytest

from bot.settings import Settings
from bot.state.errors import StateError, StateUnreachable
from bot.state.opening import open_state
from bot.state.protocol import Arrival, Stage
from bot.state.redis_store import RedisStore
from tests.bot.state.conftest import PASSWORD

if TYPE_CHECKING:
    from tests.bot.state.conftest import RedisProcess


def _told(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


async def test_it_goes_on_after_the_server_restarted(redis_server: RedisProcess) -> None:
    """A killed server that comes back has all that was received; nobody needs a new connection."""
    state = await open_state(Settings(redis_url=redis_server.url))
    await state.store.put("space", "key", 1, owner=7)
    await state.inbox.receive([Arrival(1, "a", {"n": 1}), Arrival(2, "a", {})])
    await state.inbox.claim("me", 1, 60)
    await state.inbox.mark(1, Stage.SENDING)
    redis_server.kill()
    try:
        with pytest.raises(StateUnreachable, match="does not answer"):
            await state.inbox.mark(1, Stage.SENT)
    finally:
        redis_server.start()
    assert await state.store.entries("space") == [("key", 1)]
    assert await state.inbox.receive([Arrival(1, "a", {})]) == 0
    assert await state.inbox.release("me") == 1
    (claim,) = await state.inbox.claim("you", 9, 60)
    assert (claim.payload, claim.stage, claim.attempts) == ({"n": 1}, Stage.SENDING, 2)
    await state.close()


async def test_rings_are_heard_again_after_a_restart(redis_server: RedisProcess) -> None:
    """Waiting goes on through a restart and ends when another process receives."""
    ours = await open_state(Settings(redis_url=redis_server.url))
    theirs = await open_state(Settings(redis_url=redis_server.url))
    redis_server.kill()
    redis_server.start()
    waiting = asyncio.create_task(ours.inbox.changed(60))
    await theirs.inbox.receive([Arrival(1, "a", {})])
    await asyncio.wait_for(waiting, 30)
    await ours.close()
    await theirs.close()


async def test_closing_does_not_wait_for_a_server_that_is_gone(
    redis_server: RedisProcess,
) -> None:
    """Without its server a state still closes, and soon."""
    state = await open_state(Settings(redis_url=redis_server.url))
    redis_server.kill()
    try:
        await asyncio.wait_for(state.close(), 20)
    finally:
        redis_server.start()


@pytest.mark.parametrize(
    "url",
    [
        "redis://:hush%2Fhush@127.0.0.1:1/0",
        "unix:///nowhere/at/all?password=hush%2Fhush",
        "rediss://user:hush%2Fhush@127.0.0.1:1/0",
    ],
)
async def test_an_unreachable_server_is_told_without_secrets(url: str) -> None:
    """The error names the setting and the address, never the password."""
    with pytest.raises(StateUnreachable, match="AUDIATUR_REDIS_URL") as caught:
        await open_state(Settings(redis_url=url))
    assert "hush" not in _told(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "redis://:hush/hush@127.0.0.1:1/0",
        "redis://:hu[sh@127.0.0.1",
        "redis://127.0.0.1:hush",
        "redis://127.0.0.1/0?socket_timeout=hush",
        "redis://127.0.0.1/0?hush=1",
    ],
)
async def test_an_address_that_cannot_be_read_is_not_repeated(url: str) -> None:
    """The error says how an address is written and quotes nothing of the given one."""
    with pytest.raises(StateError, match=r"AUDIATUR_REDIS_URL.*redis://user:password@") as caught:
        await open_state(Settings(redis_url=url))
    assert "hush" not in _told(caught.value)


async def test_a_wrong_password_is_told_without_either(redis_server: RedisProcess) -> None:
    """The server's refusal is told; neither the right password nor the wrong one is."""
    url = redis_server.url.replace("s3cret", "wr0ng")
    with pytest.raises(StateUnreachable, match="check the user and password") as caught:
        await open_state(Settings(redis_url=url))
    assert "wr0ng" not in _told(caught.value)
    assert PASSWORD not in _told(caught.value)


async def test_errors_of_a_running_server_name_no_password(redis_server: RedisProcess) -> None:
    """Where a key holds something else than ours, the error tells the address at most."""
    state = await open_state(Settings(redis_url=redis_server.url))
    with redis_server.client() as client:
        client.set("{audiatur}:lines", "not a hash")
    with pytest.raises(StateError, match="AUDIATUR_REDIS_URL") as caught:
        await state.inbox.waiting()
    assert PASSWORD not in _told(caught.value)
    assert "s3cret" not in _told(caught.value)
    await state.close()


async def test_a_cancelled_caller_ends_at_once(redis_server: RedisProcess) -> None:
    """Cancellation is not swallowed at whatever moment it comes, so that consumers can end."""
    state = await open_state(Settings(redis_url=redis_server.url))
    for turns in range(12):
        task = asyncio.create_task(state.inbox.waiting())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task], timeout=10)
        assert task.cancelled() or turns > 6
    await state.close()


async def test_all_keys_share_one_prefix_and_slot(redis_server: RedisProcess) -> None:
    """Every key begins with the prefix whose braces keep it on one shard."""
    state = await open_state(Settings(redis_url=redis_server.url))
    await state.store.put("space", "key", 1, owner=7, lifetime_s=60)
    await state.store.count("space", "key")
    await state.store.hit("key", 60)
    await state.inbox.receive([Arrival(n, f"line {n}", {}) for n in range(3)])
    await state.inbox.claim("me", 1, 60)
    await state.inbox.finish(0)
    with redis_server.client() as client:
        keys = [str(key) for key in client.scan_iter()]
    assert len(keys) > 12
    assert all(key.startswith("{audiatur}:") for key in keys)
    await state.close()


async def test_missing_durability_is_said(
    redis_server: RedisProcess, caplog: pytest.LogCaptureFixture
) -> None:
    """A server without append-only file, or one that evicts, is warned of when opened."""
    settings = Settings(redis_url=redis_server.url)
    await (await open_state(settings)).close()
    assert not caplog.records
    with redis_server.client() as client:
        client.config_set("appendonly", "no")
        client.config_set("maxmemory-policy", "allkeys-lru")
        try:
            await (await open_state(settings)).close()
        finally:
            client.config_set("appendonly", "yes")
            client.config_set("maxmemory-policy", "noeviction")
    assert "appendonly yes" in caplog.text
    assert "noeviction" in caplog.text


async def test_an_add_that_runs_twice_keeps_its_answer(redis_server: RedisProcess) -> None:
    """Run again after a broken connection, an add that had won still says so."""
    state = await open_state(Settings(redis_url=redis_server.url))
    assert isinstance(state.store, RedisStore)
    given = ("space", "key", "1", "", "")
    assert [await state.store._put(*given, once) for once in ("x", "x", "y")] == [1, 1, 0]
    await state.close()
