"""Checks a request's parameters against the Bot API description, nested objects included.

Stricter than Telegram on purpose: a field nobody described, or a deprecated one, is refused
instead of being ignored, so that a typing error in a bot shows in a test. What a type demands
beyond its fields' types is in `rules`.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.playground import rules, utf16
from bot.playground.errors import ApiError, bad_request
from bot.playground.schema.description import Field, Shape, bot_api

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

ARRAY = "Array of "
ATTACHED = "attach://"

# Deprecated parameters that a well-behaved client still sends, each with the reason.
TOLERATED = {
    # aiogram 3 fills it from the same bot-wide default as `link_preview_options`.
    "disable_web_page_preview",
}

# Telegram's own words for a parameter of a method that is not there.
MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "file_id": "file_id not specified",
    "document": "there is no document in the request",
}

# Telegram's own words for a string outside its limits, by owner and field.
BEYOND_LIMIT = {
    ("InlineKeyboardButton", "callback_data"): "BUTTON_DATA_INVALID",
    ("CopyTextButton", "text"): "BUTTON_COPY_TEXT_INVALID",
    ("InlineQueryResultsButton", "start_parameter"): "START_PARAM_INVALID",
    ("answerCallbackQuery", "text"): "MESSAGE_TOO_LONG",
    ("BotCommand", "command"): "BOT_COMMAND_INVALID",
    ("BotCommand", "description"): "BOT_COMMAND_DESCRIPTION_INVALID",
}


class _Mismatch(Exception):
    """A value is not of the type that was tried."""


def check_call(
    shape: Shape, given: Mapping[str, Any], uploads: Collection[str] = ()
) -> dict[str, Any]:
    """Return the parameters of one call as plain JSON values.

    `given` holds strings as a form carries them, or JSON values; `uploads` names the files that
    came along.

    Raises:
        ApiError: 400 naming the first parameter that breaks the description.

    """
    values = {name: _parsed(value, shape.fields.get(name)) for name, value in given.items()}
    # An empty form field means the same as none: "text=" is a missing text.
    present = {name: value for name, value in values.items() if value is not None}
    try:
        _Checker(uploads).check_object(present, shape, shape.name, top=True)
    except _Mismatch as mismatch:
        raise bad_request(str(mismatch)) from None
    return present


def fits(value: object, types: Sequence[str]) -> str | None:
    """Return None if `value` is of one of `types`, else what is wrong with it."""
    try:
        _Checker(()).check(value, types, "value")
    except _Mismatch as mismatch:
        return str(mismatch)
    except ApiError as error:
        return error.description
    return None


def _parsed(value: Any, field: Field | None) -> Any:
    """Read text, which is all a form can carry, as the field's type demands."""
    if field is None or not isinstance(value, str):
        return value
    for name in field.types:
        match name:
            case "Integer" if value.lstrip("-").isdecimal():
                return int(value)
            case "Boolean" if value.lower() in {"true", "false", "1", "0"}:
                return value.lower() in {"true", "1"}
            case "Float":
                return _number(value)
    if {"String", "InputFile", "Integer", "Boolean"} & set(field.types):
        return value
    return _json(value, field.name) if value else None


def _number(value: str) -> float | str:
    try:
        return float(value)
    except ValueError:
        return value


def _json(value: str, name: str) -> Any:
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None


class _Checker:
    """Walks a value and the description side by side."""

    def __init__(self, uploads: Collection[str]) -> None:
        self._uploads = uploads

    def check_object(self, value: Any, shape: Shape, path: str, *, top: bool = False) -> None:
        """Check the fields of an object: known, present, of their types, within limits."""
        if not isinstance(value, dict):
            raise _Mismatch(f'"{path}" must be an object of type {shape.name}')
        for name, item in value.items():
            here = name if top else f"{path}.{name}"
            field = shape.fields.get(name)
            if field is None:
                raise _Mismatch(f'"{here}" is no field of {shape.name}')
            if field.deprecated and name not in TOLERATED:
                raise _Mismatch(f'"{here}" is deprecated')
            self._check_field(item, field, shape, here)
        for name in sorted(shape.required - value.keys()):
            here = name if top else f"{path}.{name}"
            raise _Mismatch(MISSING.get(here, f'"{here}" is required'))
        rules.check_type(shape.name, value)

    def _check_field(self, value: Any, field: Field, shape: Shape, path: str) -> None:
        if field.literal is not None:
            if value != field.literal or type(value) is not type(field.literal):
                raise _Mismatch(f'"{path}" must be {json.dumps(field.literal)}')
            return
        self.check(value, field.types, path)
        if isinstance(value, str):
            _check_limit(value, field, shape, path)

    def check(self, value: Any, types: Sequence[str], path: str) -> None:
        """Check a value against the types it may have; one must fit."""
        types = _flattened(types)
        if len(types) > 1:
            types = _candidates(value, types)
        mismatches = []
        for name in types:
            try:
                return self._check_one(value, name, path)
            except _Mismatch as mismatch:
                mismatches.append(mismatch)
        raise mismatches[0]

    def _check_one(self, value: Any, name: str, path: str) -> None:
        if name.startswith(ARRAY):
            self._check_array(value, name.removeprefix(ARRAY), path)
        elif name in bot_api().types:
            self.check_object(value, bot_api().types[name], path)
        elif not self._is_scalar(value, name):
            raise _Mismatch(f'"{path}" must be of type {name}')

    def _check_array(self, value: Any, item: str, path: str) -> None:
        if not isinstance(value, list):
            raise _Mismatch(f'"{path}" must be an array of {item}')
        types = (item,) if item.startswith(ARRAY) else item.split("|")
        for index, element in enumerate(value):
            self.check(element, types, f"{path}[{index}]")

    def _is_scalar(self, value: Any, name: str) -> bool:
        match name:
            case "Boolean":
                return isinstance(value, bool)
            case "Integer":
                return isinstance(value, int) and not isinstance(value, bool)
            case "Float":
                return isinstance(value, int | float) and not isinstance(value, bool)
            case "InputFile":
                return isinstance(value, str) and value.removeprefix(ATTACHED) in self._uploads
            case _:
                return isinstance(value, str) and _is_encodable(value)


def _is_encodable(value: str) -> bool:
    """Half a surrogate pair can be written in JSON, but is no text."""
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise bad_request("strings must be encoded in UTF-8")
    return True


def _flattened(types: Sequence[str]) -> list[str]:
    unions = bot_api().unions
    return [member for name in types for member in unions.get(name, (name,))]


def _candidates(value: Any, types: Sequence[str]) -> Sequence[str]:
    """Order a union's members by how near they are, so that an error names the right one."""
    if isinstance(value, str) and value.startswith(ATTACHED) and "InputFile" in types:
        return ("InputFile",)
    if not isinstance(value, dict):
        return types
    shapes = [shape for name in types if (shape := bot_api().types.get(name))]
    return [shape.name for shape in sorted(shapes, key=partial(_distance, value))] or types


def _distance(value: dict[str, Any], shape: Shape) -> tuple[int, int]:
    """Count what keeps a value from being of a shape; a wrong `type` weighs most."""
    tags = [field for field in shape.fields.values() if isinstance(field.literal, str)]
    wrong_tags = sum(value.get(field.name) != field.literal for field in tags)
    unknown = len(value.keys() - shape.fields.keys())
    return wrong_tags, unknown + len(shape.required - value.keys())


def _check_limit(value: str, field: Field, shape: Shape, path: str) -> None:
    # Formatted text is measured after its entities are parsed, by `formatting`.
    formatted = {"parse_mode", "quote_parse_mode"} & shape.fields.keys()
    if field.limit is None or formatted:
        return
    in_bytes = field.limit.unit == "bytes"
    size = len(value.encode()) if in_bytes else utf16.length(value)
    if not field.limit.min <= size <= field.limit.max:
        reason = f'"{path}" must be {field.limit.min}-{field.limit.max} {field.limit.unit} long'
        raise bad_request(BEYOND_LIMIT.get((shape.name, field.name), reason))
