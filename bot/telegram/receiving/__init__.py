"""How updates come in and are worked off: kept first, then handled, in order within each chat.

Walk: `polling` or `webhook` → `intake` → the inbox → `consuming` → `answering` → the handlers.
"""
