"""What an operator looks at: health, metrics, logs. Nothing here knows Telegram's library."""
