"""What stands on a page but argues nothing: menus, class lists, credits, comments, author boxes.

Each rule looks at lines only and knows no particular site. A rule that fires is recorded as the
block's kind, so that `inspect` can show what was left out and why.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from index.corpus.records import BlockKind

if TYPE_CHECKING:
    from collections.abc import Sequence

_CAPTION_LIMIT = 60
_IDENTIFIER = re.compile(r"[a-z0-9.]+(?:[-_][a-z0-9.]+)+|single|ajax|page|home|body")
_PAGE_WORDS = re.compile(
    r"(?:(?:back to )?top|nach oben|fade|menu|menü|home|startseite|skip to content|search|suche|"
    r"no comments?|keine kommentare|\d+ comments?|\d+ kommentare|post a comment|"
    r"leave a (?:comment|reply)|kommentar (?:schreiben|hinterlassen|verfassen)|"
    r"(?:pingback|trackback)\b.*|\d+|share (?:this|on)\b.*|beitrag teilen|print|drucken|"
    r"read more|weiterlesen|related posts?|ähnliche beiträge)[.:!…]*",
    re.IGNORECASE,
)
_SHARE_WORD = re.compile(
    r"facebook|twitter|x|xing|linkedin|whatsapp|pinterest|google\+|reddit|tumblr|telegram|instagram|"
    r"mastodon|bluesky|share|teilen|tweet|twittern|like|e?-?mail|print|drucken|pin|it|merken|"
    r"mitteilen|kopieren|copy|link"
)
_CREDIT = re.compile(
    r"(?:bild(?:nachweise?|quellen?|rechte)?|fotos?|photos?|images?|pictures?|titelbild|"
    r"(?:photo|image|picture) credits?|credits?|abbildung|grafik)(?: (?:by|von))?\s*:.*"
    r"|©.*"
    r"|(?:www\.)?(?:flickr|unsplash|pixabay|pexels|fotolia|istockphoto|shutterstock|photodune|"
    r"freedigitalphotos|wikimedia)(?:\.(?:com|net|org))?\s*/.*",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"[\s\-–,.;:!?]")
_COMMENTS_START = re.compile(
    r"(?:\d+|ein|eine|one)\s+(?:gedanken?|kommentare?|antworten?|thoughts?|comments?|responses?|"
    r"replies)\s+(?:zu|on|to|for)\b.*|(?:kommentare|comments)\s*(?:\(\d+\))?:?",
    re.IGNORECASE,
)
_AUTHOR_START = re.compile(
    r"(?:über|about)\s+(?:den autor|die autorin|the author|{author})\s*:?", re.IGNORECASE
)


def repeated_lines(lines: Sequence[str], title: str | None) -> frozenset[str]:
    """Return the short lines that recur as captions do, and the title's own line."""
    counts = Counter(line for line in lines if len(line) <= _CAPTION_LIMIT)
    repeated = {line for line, count in counts.items() if count > 1 and any(map(str.isalpha, line))}
    if title:
        repeated.add(title)
    return frozenset(repeated)


def glued_caption(line: str, captions: frozenset[str]) -> int:
    """Return how many leading characters of `line` are a caption glued to its text, else 0."""
    for length in _caption_lengths(captions):
        rest = line[length:]
        goes_on = rest[:1].islower() or _GOES_ON.match(rest)
        if line[:length] in captions and rest and not goes_on:
            return length
    return 0


@lru_cache(maxsize=1)
def _caption_lengths(captions: frozenset[str]) -> tuple[int, ...]:
    """Return the lengths, the longest first: few, however many captions a long text has."""
    return tuple(sorted(set(map(len, captions)), reverse=True))


def furniture_kind(line: str, captions: frozenset[str], title: str | None) -> BlockKind | None:
    """Return the kind of a line that is no argument by itself, `None` for all others."""
    if line in captions or (title and _is_page_title(line, title)):
        return BlockKind.CAPTION
    if _CREDIT.fullmatch(line):
        return BlockKind.CREDIT
    if _PAGE_WORDS.fullmatch(line) or _is_class_list(line) or _is_share_bar(line):
        return BlockKind.PAGE_FURNITURE
    if not any(map(str.isalnum, line)):
        return BlockKind.PAGE_FURNITURE
    return None


def tail_kind(line: str, author: str | None, *, in_last_third: bool) -> BlockKind | None:
    """Return the kind of everything from this line on, where it opens a page's tail."""
    if _COMMENTS_START.fullmatch(line):
        return BlockKind.COMMENTS
    if not in_last_third:
        return None
    opening = _AUTHOR_START.pattern.format(author=re.escape(author or "the author"))
    if re.fullmatch(opening, line, re.IGNORECASE) or (author and line.startswith(f"{author} ")):
        return BlockKind.AUTHOR_BOX
    return None


def _is_page_title(line: str, title: str) -> bool:
    """Tell a browser title ("Title – Site") from text that happens to begin with the title."""
    rest = line.removeprefix(title)
    return rest != line and bool(re.match(r"\s+[–—|\-·»]\s+\S", rest)) and not line.endswith(".")


def _is_class_list(line: str) -> bool:
    tokens = [token for token in re.split(r"[,\s]+", line) if token]
    identifiers = sum(1 for token in tokens if _IDENTIFIER.fullmatch(token))
    return len(tokens) >= 5 and identifiers >= 0.7 * len(tokens)  # noqa: PLR2004


def _is_share_bar(line: str) -> bool:
    words = re.split(r"[\s|·•/]+", line.lower())
    return len(words) > 1 and all(_SHARE_WORD.fullmatch(word) for word in words if word)
