"""What single types demand beyond the types of their fields, with Telegram's own refusals.

Looks at one object at a time and needs no state; rules of whole methods are with the methods.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.playground.errors import bad_request
from bot.playground.schema.description import bot_api

if TYPE_CHECKING:
    from collections.abc import Callable

BUTTON_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)
BUTTON_STYLES = frozenset({"danger", "success", "primary", "link"})
MAX_BUTTONS = 100
MAX_ID_BYTES = 64

# What an entity must carry beside its place, by type.
ENTITY_FIELDS = {
    "text_link": "url",
    "text_mention": "user",
    "custom_emoji": "custom_emoji_id",
    "date_time": "unix_time",
}

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_URL = re.compile(
    r"(?:(?:https?|tg|ton)://[^\s/?#]+|[^\s/.?#:]+\.[^\s/?#:]+(?::\d+)?)(?:[/?#]\S*)?",
    re.IGNORECASE,
)


def check_type(name: str, value: dict[str, Any]) -> None:
    """Check one object of type `name` whose fields are known to have the right types.

    Raises:
        ApiError: 400 in Telegram's words.

    """
    rule = _RULES.get(name)
    if rule:
        rule(value)
    elif name.startswith("InlineQueryResult") and "id" in value:
        _inline_result(value)


def is_start_parameter(value: str) -> bool:
    """Whether a deep link may carry `value`."""
    return _START_PARAMETER.fullmatch(value) is not None


def _inline_button(button: dict[str, Any]) -> None:
    actions = [name for name in BUTTON_ACTIONS if name in button]
    prefix = "can't parse inline keyboard button: "
    if not actions:
        raise bad_request(f"{prefix}Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request(f"{prefix}exactly one action is allowed, found {', '.join(actions)}")
    if not button["text"].strip():
        raise bad_request(f"{prefix}Button text is empty")
    chosen = button.get("switch_inline_query_chosen_chat")
    if chosen is not None and not any(value is True for value in chosen.values()):
        raise bad_request(f"{prefix}At least one chat type must be allowed")
    if "url" in button and not _URL.fullmatch(button["url"]):
        raise bad_request(
            f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL"
        )
    _button_style(button)


def _button_style(button: dict[str, Any]) -> None:
    if "style" in button and button["style"] not in BUTTON_STYLES:
        raise bad_request("can't parse button: invalid button style specified")


def _inline_keyboard(markup: dict[str, Any]) -> None:
    if sum(map(len, markup["inline_keyboard"])) > MAX_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")


def _reply_keyboard(markup: dict[str, Any]) -> None:
    if not any(markup["keyboard"]):
        raise bad_request("reply keyboard markup must contain at least one button")


def _results_button(button: dict[str, Any]) -> None:
    if ("web_app" in button) == ("start_parameter" in button):
        raise bad_request(
            "can't parse inline query results button: exactly one of web_app and "
            "start_parameter is required"
        )
    if not button["text"].strip():
        raise bad_request("SWITCH_PM_TEXT_EMPTY")
    if "start_parameter" in button and not is_start_parameter(button["start_parameter"]):
        raise bad_request("START_PARAM_INVALID")


def _inline_result(result: dict[str, Any]) -> None:
    if not 1 <= len(result["id"].encode()) <= MAX_ID_BYTES:
        raise bad_request("RESULT_ID_INVALID")
    if not result.get("title", "x").strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")


def _command(command: dict[str, Any]) -> None:
    if not _COMMAND.fullmatch(command["command"]):
        raise bad_request("BOT_COMMAND_INVALID")
    if not command["description"].strip():
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")


def _entity(entity: dict[str, Any]) -> None:
    kind = entity["type"]
    if kind not in bot_api().enums["MessageEntityType"]:
        raise bad_request(f"can't parse MessageEntity: unsupported type {kind!r} specified")
    needed = ENTITY_FIELDS.get(kind)
    if needed and needed not in entity:
        raise bad_request(f"can't parse MessageEntity: Can't find field \"{needed}\"")


def _reaction(reaction: dict[str, Any]) -> None:
    if reaction["emoji"] not in bot_api().enums["ReactionEmoji"]:
        raise bad_request("REACTION_INVALID")


def _web_app(web_app: dict[str, Any]) -> None:
    if not web_app["url"].startswith("https://"):
        raise bad_request(
            f"web app URL '{web_app['url']}' is invalid: Only HTTPS links are allowed"
        )


_RULES: dict[str, Callable[[dict[str, Any]], None]] = {
    "BotCommand": _command,
    "InlineKeyboardButton": _inline_button,
    "InlineKeyboardMarkup": _inline_keyboard,
    "InlineQueryResultsButton": _results_button,
    "KeyboardButton": _button_style,
    "MessageEntity": _entity,
    "ReactionTypeEmoji": _reaction,
    "ReplyKeyboardMarkup": _reply_keyboard,
    "WebAppInfo": _web_app,
}
