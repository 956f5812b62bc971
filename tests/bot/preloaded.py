"""Imported by the process that others fork from: all that takes seconds is loaded once."""

from __future__ import annotations

import bot.cli
import bot.telegram.app
import tests.bot.sharing
from index.questions.language import load_languages

__all__ = ["bot", "tests"]

load_languages()
