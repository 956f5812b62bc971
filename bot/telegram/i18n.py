"""aiogram's i18n over our catalogues, with the person's Telegram language."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from aiogram.utils.i18n import I18n, I18nMiddleware

from bot.translation import DEFAULT, DOMAIN, LOCALES, interface_language, translations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from gettext import GNUTranslations

    from aiogram.types import TelegramObject, User


class Catalogues(I18n):
    """Our `.po` catalogues as aiogram's i18n."""

    def __init__(self) -> None:
        super().__init__(path=LOCALES, default_locale=DEFAULT, domain=DOMAIN)

    def find_locales(self) -> dict[str, GNUTranslations]:
        """Return the catalogues, read without a compiled copy."""
        return translations()

    @contextmanager
    def context(self) -> Iterator[I18n]:
        """Let aiogram's `gettext` find this instance: it asks I18n, not a subclass' context."""
        token = I18n.set_current(self)
        try:
            yield self
        finally:
            I18n.reset_current(token)


class PersonsLanguage(I18nMiddleware):
    """Sets the locale, and `language` for handlers, from the person's Telegram settings."""

    async def get_locale(self, event: TelegramObject, data: dict[str, Any]) -> str:  # noqa: ARG002
        """Return the interface language for whoever caused the event."""
        user: User | None = data.get("event_from_user")
        language = interface_language(user.language_code if user else None)
        data["language"] = language
        return language
