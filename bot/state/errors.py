"""What goes wrong with the bot's memory.

::

    ServiceError             bot/errors.py
    └── StateError           the bot's memory cannot be used
        ├── StateDamaged         the file is damaged, or none of ours
        ├── StateTooNew          a later version of this program wrote it
        └── StateUnreachable     no server answers, or it will not have us

Each message is one line and says what to do; none holds a password or anything that people wrote.
"""

from bot.errors import ServiceError


class StateError(ServiceError):
    """The bot's memory cannot be used: a full disk, a missing right, a lock held for too long."""


class StateDamaged(StateError):
    """The file is damaged, or was made by another program."""


class StateTooNew(StateError):
    """The file was made by a later version of this program."""


class StateUnreachable(StateError):
    """The server cannot be reached, or refuses us."""
