"""What the service raises on purpose.

::

    ServiceError
    ├── SettingsError    the environment says something that we cannot use
    ├── StateError       the bot's memory cannot be used; see bot/state/errors.py
    └── Refused          Telegram will not have us: a bad token, or another instance polling
"""


class ServiceError(Exception):
    """Root of the tree; each message is one line and says what to do."""


class SettingsError(ServiceError):
    """A setting in the environment cannot be used."""


class Refused(ServiceError):
    """Telegram refuses this bot for good: trying again cannot help."""
