"""A store of this test's own, over a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.state.opening import open_state

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.settings import Settings
    from bot.state.protocol import Store


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[Store]:
    state = await open_state(settings)
    yield state.store
    await state.close()
