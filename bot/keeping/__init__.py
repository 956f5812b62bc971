"""Changes to a corpus while the bot runs: decisions on spans, documents added and removed.

Synchronous; knows nothing of Telegram. Whoever changes something holds a lock on the folder, so
that two admins, or two processes, change one after the other.
"""
