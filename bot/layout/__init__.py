"""What is shown → the blocks of a message, the same for a terminal and for Telegram."""

from bot.layout.answer import covered, fit, lay_out
from bot.layout.blocks import (
    MESSAGE_LIMIT,
    Block,
    Heading,
    Items,
    Marked,
    Note,
    Paragraph,
    Quote,
    Title,
    length_of,
    utf16_length,
)
from bot.layout.citing import answer_of, citation, cited, is_suggested, side_name
from bot.layout.listing import sources_blocks

__all__ = [
    "MESSAGE_LIMIT",
    "Block",
    "Heading",
    "Items",
    "Marked",
    "Note",
    "Paragraph",
    "Quote",
    "Title",
    "answer_of",
    "citation",
    "cited",
    "covered",
    "fit",
    "is_suggested",
    "lay_out",
    "length_of",
    "side_name",
    "sources_blocks",
    "utf16_length",
]
