"""One suite over every store and inbox: each sentence of `bot/state/protocol.py`."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from bot.state.errors import StateError
from bot.state.protocol import Arrival, Claim, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.state.opening import State
    from bot.state.protocol import Json
    from tests.bot.state.conftest import Opening

SHORT_S = 0.15
LONG_S = 60.0
AWKWARD = ("%", "_", "*", "?", "[a]", "a:b", "{x}", "\\", "ä", "😀", "\U0010ffff", "\x00", "퟿", "")
WORDS = "xylophone quarrel"


def arrival(update_id: int, line: str = "chat") -> Arrival:
    return Arrival(update_id, line, {"update_id": update_id, "text": WORDS})


def numbers(claims: list[Claim]) -> list[int]:
    return [claim.update_id for claim in claims]


@pytest.mark.parametrize(
    "value", [None, True, 0, -1.5, "", "ä\x00\ud83d", [], [1, [None]], {"a": {"b": [1]}}]
)
async def test_a_value_comes_back_as_it_was(state: State, value: Json) -> None:
    """Every JSON value comes back equal, also by listing."""
    await state.store.put("space", "key", value)
    assert await state.store.get("space", "key") == value
    assert await state.store.entries("space") == [("key", value)]


async def test_no_value_is_none(state: State) -> None:
    """Where nothing was kept there is None."""
    assert await state.store.get("space", "key") is None


async def test_spaces_are_apart(state: State) -> None:
    """The same key in two spaces is two things, however the names are cut."""
    await state.store.put("a:b", "c", 1)
    await state.store.put("a", "b:c", 2)
    assert await state.store.get("a:b", "c") == 1
    assert await state.store.get("a", "b:c") == 2


async def test_a_value_takes_the_place_of_another(state: State) -> None:
    """The last value counts, with its own owner and its own end."""
    await state.store.put("space", "key", 1, owner=7, lifetime_s=SHORT_S)
    await state.store.put("space", "key", 2, owner=8)
    await asyncio.sleep(2 * SHORT_S)
    assert await state.store.get("space", "key") == 2
    assert await state.store.forget(7) == 0
    assert await state.store.forget(8) == 1


async def test_what_expired_is_gone_at_once(state: State) -> None:
    """An expired value is seen by nothing: get, entries, remove, forget and add find none."""
    for key in ("a", "b", "c"):
        await state.store.put("space", key, 1, owner=7, lifetime_s=SHORT_S)
    assert await state.store.get("space", "a") == 1
    await asyncio.sleep(2 * SHORT_S)
    assert await state.store.get("space", "a") is None
    assert await state.store.entries("space") == []
    assert not await state.store.remove("space", "a")
    assert await state.store.add("space", "b", 2)
    assert await state.store.get("space", "b") == 2
    assert await state.store.forget(7) == 0


async def test_add_keeps_the_first(state: State) -> None:
    """A second add changes nothing and says so, even where the first value is None."""
    assert await state.store.add("space", "key", None)
    assert not await state.store.add("space", "key", 2, owner=7)
    assert await state.store.get("space", "key") is None
    assert await state.store.forget(7) == 0


async def test_of_many_adds_one_wins(opened: Opening) -> None:
    """Of adds at the same time, from two processes' connections, exactly one keeps its value."""
    one, two = await opened(), await opened()
    stores = [one.store, two.store] * 20
    kept = await asyncio.gather(
        *(store.add("space", "key", number) for number, store in enumerate(stores))
    )
    assert sum(kept) == 1
    assert await one.store.get("space", "key") == kept.index(True)


async def test_remove_tells_whether_it_was_there(state: State) -> None:
    """The first removal finds the value, the second none."""
    await state.store.put("space", "key", 1, owner=7)
    assert await state.store.remove("space", "key")
    assert not await state.store.remove("space", "key")
    assert await state.store.entries("space") == []
    assert await state.store.forget(7) == 0


async def test_entries_are_ordered_and_begin_with_the_prefix(state: State) -> None:
    """Whatever characters a prefix has, it means itself; order is that of code points."""
    keys = sorted({first + second for first in AWKWARD for second in AWKWARD})
    for key in keys:
        await state.store.put("space", key, key)
    for prefix in AWKWARD:
        expected = [(key, key) for key in keys if key.startswith(prefix)]
        assert await state.store.entries("space", prefix) == expected


async def test_counters_count(state: State) -> None:
    """A counter begins at 0, takes steps of any size, and tells what it is now."""
    assert await state.store.count("space", "key") == 1
    assert await state.store.count("space", "key", 41) == 42
    assert await state.store.count("space", "key", -2) == 40
    assert await state.store.count("space", "key", 0) == 40


async def test_no_count_is_lost(opened: Opening) -> None:
    """Counts at the same time, over two connections, all count."""
    one, two = await opened(), await opened()
    await asyncio.gather(*(store.count("s", "k") for store in [one.store, two.store] * 50))
    assert await one.store.counts("s") == {"k": 100}


async def test_counters_by_prefix(state: State) -> None:
    """Counters are found by prefix, ordered, and are no values."""
    for key in ("b", "a%2", "a%1", "ab"):
        await state.store.count("space", key)
    found = await state.store.counts("space", "a%")
    assert list(found.items()) == [("a%1", 1), ("a%2", 1)]
    assert len(await state.store.counts("space")) == 4
    assert await state.store.entries("space") == []
    assert await state.store.counts("other") == {}


async def test_a_window_opens_with_the_first_hit_and_ends(state: State) -> None:
    """Hits add up per key until the window ends; a hit does not make it longer."""
    began = time.monotonic()
    assert [await state.store.hit("key", 1.0) for _ in range(3)] == [1, 2, 3]
    assert await state.store.hit("other", 1.0) == 1
    await asyncio.sleep(0.6)
    second = await state.store.hit("key", 1.0)
    assert second == 4 or time.monotonic() - began > 1.0
    await asyncio.sleep(0.6)
    assert await state.store.hit("key", 1.0) == 1


async def test_forgetting_a_person_leaves_nothing(state: State, kept: Callable[[], str]) -> None:
    """All values of a person go, expired ones too; looked for byte by byte, nothing is found."""
    person = 123456789
    await state.store.put("answers", f"{person}:1", WORDS, owner=person)
    await state.store.put("ticks", f"{person}:2", WORDS * 999, owner=person, lifetime_s=LONG_S)
    await state.store.put("ticks", f"{person}:3", WORDS, owner=person, lifetime_s=SHORT_S)
    await state.store.put("answers", "4", "another's", owner=5)
    await state.store.put("answers", "6", "nobody's")
    assert str(person) in kept()
    assert WORDS in kept()
    await asyncio.sleep(2 * SHORT_S)
    assert await state.store.forget(person) == 2
    assert await state.store.forget(person) == 0
    assert str(person) not in kept()
    assert WORDS not in kept()
    assert await state.store.entries("answers") == [("4", "another's"), ("6", "nobody's")]


async def test_values_outlive_their_process(opened: Opening) -> None:
    """What was kept is there after closing and opening again, and so are its end and owner."""
    before = await opened()
    await before.store.put("space", "key", 1, owner=7)
    await before.store.put("space", "short", 1, lifetime_s=SHORT_S)
    await before.store.count("space", "counter")
    await before.close()
    after = await opened()
    await asyncio.sleep(2 * SHORT_S)
    assert await after.store.entries("space") == [("key", 1)]
    assert await after.store.counts("space") == {"counter": 1}
    assert await after.store.forget(7) == 1


@pytest.mark.parametrize("lifetime_s", [0, -1, float("nan")])
async def test_a_lifetime_is_above_zero(state: State, lifetime_s: float) -> None:
    """A lifetime or a window of nothing is a mistake of the caller, who is told."""
    with pytest.raises(ValueError, match="above 0"):
        await state.store.put("space", "key", 1, lifetime_s=lifetime_s)
    with pytest.raises(ValueError, match="above 0"):
        await state.store.add("space", "key", 1, lifetime_s=lifetime_s)
    with pytest.raises(ValueError, match="above 0"):
        await state.store.hit("key", lifetime_s)
    assert await state.store.entries("space") == []


async def test_no_json_is_refused(state: State) -> None:
    """What JSON cannot say is refused, and nothing is kept."""
    with pytest.raises(ValueError, match="JSON"):
        await state.store.put("space", "key", float("inf"))
    with pytest.raises(ValueError, match="surrogates"):
        await state.store.put("space", "\ud83d", 1)
    assert await state.store.entries("space") == []


async def test_tidying_removes_what_expired(state: State, kept: Callable[[], str]) -> None:
    """After tidying, an expired value and its names are nowhere; others stay."""
    store = state.store
    await store.put("space", "person-77", WORDS, owner=77777777, lifetime_s=SHORT_S)
    await store.put("space", "stays", 1, lifetime_s=LONG_S)
    await asyncio.sleep(2 * SHORT_S)
    await store.tidy()  # type: ignore[attr-defined]
    assert not [word for word in ("person-77", WORDS, "77777777") if word in kept()]
    assert await store.entries("space") == [("stays", 1)]


async def test_what_is_received_can_be_claimed(state: State) -> None:
    """An update comes out as it went in, as new and in its first attempt."""
    odd = {"text": "a\x00\ud83d😀", "n": [1, None]}
    assert await state.inbox.receive([Arrival(5, "line ä%", odd)]) == 1
    assert await state.inbox.claim("me", 10, LONG_S) == [Claim(5, "line ä%", odd, Stage.NEW, 1)]


async def test_nothing_received_is_nothing(state: State) -> None:
    """An empty batch and an empty inbox are no errors."""
    assert await state.inbox.receive([]) == 0
    assert await state.inbox.claim("me", 10, LONG_S) == []
    await state.inbox.renew("me", LONG_S)
    assert await state.inbox.release("me") == 0
    await state.inbox.mark(1, Stage.SENT)
    await state.inbox.finish(1)
    assert await state.inbox.waiting() == 0
    assert await state.inbox.receive([arrival(1)]) == 1


async def test_duplicates_are_known(state: State) -> None:
    """A second delivery changes nothing: within a batch, while waiting, held, or finished."""
    assert await state.inbox.receive([arrival(1), arrival(1), arrival(2, "b")]) == 2
    assert await state.inbox.receive([arrival(1), arrival(2), arrival(3, "c")]) == 1
    first, *_ = await state.inbox.claim("me", 1, LONG_S)
    assert await state.inbox.receive([arrival(1)]) == 0
    await state.inbox.finish(first.update_id)
    assert await state.inbox.receive([arrival(1)]) == 0
    assert numbers(await state.inbox.claim("me", 10, LONG_S)) == [2, 3]


async def test_deliveries_at_the_same_time_count_once(opened: Opening) -> None:
    """Of many deliveries of one update at once, to two processes, one is the first."""
    one, two = await opened(), await opened()
    new = await asyncio.gather(
        *(inbox.receive([arrival(1), arrival(2)]) for inbox in [one.inbox, two.inbox] * 20)
    )
    assert sum(new) == 2
    assert await one.inbox.waiting() == 2


async def test_a_line_keeps_its_order(state: State) -> None:
    """One line gives one update at a time, the lowest number first, in whatever order they came."""
    await state.inbox.receive([arrival(3), arrival(1)])
    await state.inbox.receive([arrival(2)])
    for expected in (1, 2, 3):
        assert numbers(await state.inbox.claim("me", 10, LONG_S)) == [expected]
        assert await state.inbox.claim("you", 10, LONG_S) == []
        await state.inbox.finish(expected)
    assert await state.inbox.claim("me", 10, LONG_S) == []


async def test_a_late_arrival_does_not_overtake_what_is_held(state: State) -> None:
    """While an update is held, an older one of its line waits; then it is next."""
    await state.inbox.receive([arrival(5), arrival(6)])
    assert numbers(await state.inbox.claim("me", 10, LONG_S)) == [5]
    await state.inbox.receive([arrival(4)])
    assert await state.inbox.claim("me", 10, LONG_S) == []
    await state.inbox.finish(5)
    assert numbers(await state.inbox.claim("me", 10, LONG_S)) == [4]


async def test_lines_do_not_wait_for_each_other(state: State) -> None:
    """Each line gives its first; over all lines the oldest come first, up to the limit."""
    given = [(4, "a"), (1, "b"), (5, "b"), (2, "c"), (3, "d")]
    await state.inbox.receive([arrival(number, line) for number, line in given])
    assert await state.inbox.claim("me", 0, LONG_S) == []
    assert numbers(await state.inbox.claim("me", 3, LONG_S)) == [1, 2, 3]
    assert numbers(await state.inbox.claim("me", 3, LONG_S)) == [4]


async def test_two_consumers_never_hold_the_same(opened: Opening) -> None:
    """Consumers of two processes that claim at the same time share all updates, none twice."""
    states = [await opened(), await opened()]
    total = 120
    await states[0].inbox.receive([arrival(n, f"line {n % 60}") for n in range(total)])

    async def consume(number: int) -> list[int]:
        inbox, mine = states[number % 2].inbox, []
        while claims := await inbox.claim(f"consumer {number}", 7, LONG_S):
            for claim in claims:
                mine.append(claim.update_id)
                await inbox.finish(claim.update_id)
        return mine

    taken = [await consumer for consumer in [asyncio.create_task(consume(n)) for n in range(6)]]
    assert sorted(number for one in taken for number in one) == list(range(total))


async def test_after_its_lease_another_may_have_it(state: State) -> None:
    """A lease that ended gives the update to another, as a further attempt; not before."""
    await state.inbox.receive([arrival(1), arrival(2)])
    await state.inbox.claim("dead", 10, SHORT_S)
    await state.inbox.mark(1, Stage.SENDING)
    assert await state.inbox.claim("me", 10, LONG_S) == []
    await asyncio.sleep(2 * SHORT_S)
    (claim,) = await state.inbox.claim("me", 10, LONG_S)
    assert (claim.update_id, claim.stage, claim.attempts) == (1, Stage.SENDING, 2)
    await state.inbox.renew("dead", LONG_S)
    assert await state.inbox.release("dead") == 0
    assert await state.inbox.claim("me", 10, LONG_S) == []


async def test_renewing_keeps_a_lease(state: State) -> None:
    """What is renewed stays held beyond its first lease; what others hold is not extended."""
    await state.inbox.receive([arrival(1, "a"), arrival(2, "b")])
    assert numbers(await state.inbox.claim("me", 1, 2 * SHORT_S)) == [1]
    assert numbers(await state.inbox.claim("dead", 1, 2 * SHORT_S)) == [2]
    await state.inbox.renew("me", LONG_S)
    await asyncio.sleep(3 * SHORT_S)
    assert numbers(await state.inbox.claim("you", 10, LONG_S)) == [2]


async def test_an_overtaken_lease_is_not_renewed(state: State) -> None:
    """An ended lease in whose place an older update has come is not extended any more."""
    await state.inbox.receive([arrival(5)])
    await state.inbox.claim("dead", 1, SHORT_S)
    await asyncio.sleep(2 * SHORT_S)
    await state.inbox.receive([arrival(4)])
    await state.inbox.renew("dead", LONG_S)
    assert numbers(await state.inbox.claim("me", 10, LONG_S)) == [4]
    await state.inbox.renew("dead", LONG_S)
    assert await state.inbox.release("dead") == 0
    await state.inbox.finish(4)
    assert numbers(await state.inbox.claim("me", 10, LONG_S)) == [5]


async def test_a_cancelled_claim_is_not_renewed(state: State) -> None:
    """What a cancelled call may have held comes back though its consumer lives on."""
    await state.inbox.receive([arrival(1)])
    claiming = asyncio.create_task(state.inbox.claim("me", 1, SHORT_S))
    await asyncio.sleep(0)
    claiming.cancel()
    await asyncio.wait([claiming])
    await state.inbox.renew("me", LONG_S)
    await asyncio.sleep(2 * SHORT_S)
    assert numbers(await state.inbox.claim("you", 1, LONG_S)) == [1]


async def test_released_updates_can_be_claimed(state: State) -> None:
    """Releasing gives back what one consumer holds, counts it, and leaves the others'."""
    await state.inbox.receive([arrival(1, "a"), arrival(2, "b"), arrival(3, "c")])
    await state.inbox.claim("me", 2, LONG_S)
    await state.inbox.claim("you", 1, LONG_S)
    assert await state.inbox.release("me") == 2
    assert await state.inbox.release("me") == 0
    claims = await state.inbox.claim("other", 10, LONG_S)
    assert [(claim.update_id, claim.attempts) for claim in claims] == [(1, 2), (2, 2)]


async def test_what_is_given_back_waits_behind_what_came_earlier(state: State) -> None:
    """Also where the earlier one was delivered only while the later one was held."""
    await state.inbox.receive([arrival(8, "a")])
    await state.inbox.claim("me", 1, LONG_S)
    await state.inbox.receive([arrival(1, "a")])
    await state.inbox.release("me")
    for expected in (1, 8):
        claims = await state.inbox.claim("other", 10, LONG_S)
        assert [claim.update_id for claim in claims] == [expected]
        await state.inbox.finish(expected)


async def test_marks_outlive_their_process(opened: Opening) -> None:
    """How far an update got, what waits and what is finished is known after opening again."""
    before = await opened()
    await before.inbox.receive([arrival(n, f"line {n}") for n in range(4)])
    await before.inbox.claim("before", 3, SHORT_S)
    await before.inbox.mark(0, Stage.SENDING)
    await before.inbox.mark(1, Stage.SENDING)
    await before.inbox.mark(1, Stage.SENT)
    await before.inbox.finish(2)
    await before.close()
    after = await opened()
    await asyncio.sleep(2 * SHORT_S)
    assert await after.inbox.receive([arrival(2)]) == 0
    claims = await after.inbox.claim("after", 10, LONG_S)
    assert [(claim.update_id, claim.stage, claim.attempts) for claim in claims] == [
        (0, Stage.SENDING, 2),
        (1, Stage.SENT, 2),
        (3, Stage.NEW, 1),
    ]


async def test_a_finished_update_leaves_its_number_only(
    state: State, kept: Callable[[], str]
) -> None:
    """Once finished and closed, words and line are nowhere to be found; the number is."""
    await state.inbox.receive([arrival(1, "person-987"), arrival(2, "person-987")])
    assert WORDS in kept()
    await state.inbox.finish(1)
    await state.inbox.claim("me", 1, LONG_S)
    await state.inbox.finish(2)
    await state.inbox.mark(2, Stage.SENT)
    assert await state.inbox.claim("me", 10, LONG_S) == []
    assert await state.inbox.waiting() == 0
    await state.close()
    assert WORDS not in kept()
    assert "person-987" not in kept()


async def test_waiting_counts_what_is_not_finished(state: State) -> None:
    """Held or not, in whatever line: an update waits until it is finished."""
    await state.inbox.receive([arrival(1), arrival(2), arrival(3, "b")])
    assert await state.inbox.waiting() == 3
    await state.inbox.claim("me", 10, LONG_S)
    assert await state.inbox.waiting() == 3
    await state.inbox.finish(1)
    await state.inbox.finish(1)
    assert await state.inbox.waiting() == 2


async def test_changed_returns_after_its_time(state: State) -> None:
    """Where nothing changes, waiting ends with its time and not long before."""
    began = time.monotonic()
    await state.inbox.changed(0.3)
    assert time.monotonic() - began >= 0.28


async def test_changed_does_not_wait_for_what_is_there(state: State) -> None:
    """Where something can be claimed already, there is no waiting."""
    await state.inbox.receive([arrival(1)])
    await asyncio.wait_for(state.inbox.changed(LONG_S), LONG_S / 2)


@pytest.mark.parametrize("event", ["receive", "finish", "release", "lease", "elsewhere"])
async def test_changed_wakes(opened: Opening, event: str) -> None:
    """A new update, a finished or released one, an ended lease, another process: each wakes."""
    state, other = await opened(), await opened()
    await state.inbox.receive([arrival(1), arrival(2)])
    await state.inbox.claim("me", 1, 1.0 if event == "lease" else LONG_S)
    waiting = asyncio.create_task(state.inbox.changed(LONG_S))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    if event == "receive":
        await state.inbox.receive([arrival(3, "b")])
    elif event == "finish":
        await state.inbox.finish(1)
    elif event == "release":
        await state.inbox.release("me")
    elif event == "elsewhere":
        await other.inbox.receive([arrival(3, "b")])
    await asyncio.wait_for(waiting, LONG_S / 2)
    assert await state.inbox.claim("you", 10, LONG_S)


async def test_a_local_change_wakes_all_at_once(state: State) -> None:
    """Everybody who waits in this process wakes well before the next look at the database."""
    waiting = [asyncio.create_task(state.inbox.changed(LONG_S)) for _ in range(5)]
    await asyncio.sleep(0.1)
    began = time.monotonic()
    await state.inbox.receive([arrival(1)])
    await asyncio.wait_for(asyncio.gather(*waiting), LONG_S / 2)
    assert time.monotonic() - began < 0.4


async def test_after_closing_nothing_is_done(state: State) -> None:
    """Closing twice is no error; using what is closed is told plainly."""
    await state.close()
    await state.close()
    with pytest.raises(StateError, match="closed"):
        await state.store.get("space", "key")
    with pytest.raises(StateError, match="closed"):
        await state.inbox.receive([arrival(1)])
