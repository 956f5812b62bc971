"""How requests reach Telegram: patiently, once where once is meant, and saying what is final."""
