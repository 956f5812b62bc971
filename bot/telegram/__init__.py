"""The Telegram rooms: the only ones that know aiogram."""
