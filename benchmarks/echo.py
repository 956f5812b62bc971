"""A bare echo bot, as aiogram's own documentation begins: what any bot on aiogram costs."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

if TYPE_CHECKING:
    from aiogram.types import Message

dispatcher = Dispatcher()


@dispatcher.message()
async def on_message(message: Message) -> None:
    """Say what was said."""
    await message.answer(message.text or "")


async def main() -> None:
    """Poll until SIGTERM."""
    server = TelegramAPIServer.from_base(os.environ["TELEGRAM_API_URL"])
    async with Bot(os.environ["BOT_TOKEN"], AiohttpSession(api=server)) as bot:
        await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main())
