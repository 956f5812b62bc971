"""A strict, local Telegram Bot API server: for tests over real HTTP, and for a playground.

It knows Telegram's rules and nothing of the bot that talks to it; the bot in turn reaches it
by its address only.
"""

from bot.playground.answers import CallbackAnswer, InlineAnswer, InlineResult
from bot.playground.chats import Chat
from bot.playground.driver import Person
from bot.playground.errors import ApiError
from bot.playground.floods import Limits
from bot.playground.messages import Message
from bot.playground.server import BotApiServer

__all__ = [
    "ApiError",
    "BotApiServer",
    "CallbackAnswer",
    "Chat",
    "InlineAnswer",
    "InlineResult",
    "Limits",
    "Message",
    "Person",
]
