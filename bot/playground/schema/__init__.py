"""The Bot API as data: methods, types, required fields and limits."""
