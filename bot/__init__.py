"""The service that talks to people: in a terminal and in Telegram.

It imports `index`, never the other way round. aiogram is known only in `bot.telegram`.
"""
