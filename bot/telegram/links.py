"""Deep links into the private chat: `t.me/<bot>?start=<payload>`.

A payload has 1 to 64 of `A-Za-z0-9_-`. Source: https://core.telegram.org/bots/features#deep-linking
"""

from __future__ import annotations

ANSWER_LINK = "a_"
DEBATE_LINK = "d_"
GUIDE_LINK = "g_"
"""What the payload begins with that names an answer, a debate, a guide."""


def start_link(username: str, payload: str) -> str:
    """Return the address that opens the private chat with a payload."""
    return f"https://t.me/{username}?start={payload}"
