"""What the bot keeps between two updates, and between two processes.

`protocol` says what a store and an inbox do; `sqlite` is the embedded default, `redis` lets
several replicas share both; `opening` chooses. Nothing here knows Telegram's library.
"""
