"""A snapshot in words: for the person who keeps the corpus."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.keeping.decisions import Decisions, is_suggested
from index.debates.records import Side
from index.debates.review import REVIEW_FOLDER, read_review
from index.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.debates.review import Suggestion
    from index.storage.protocol import Snapshot

_CLIPPED = 70


def describe(snapshot: Snapshot, corpus: Path | None = None) -> str:
    """Return documents, passages, debates, labels, problems and manifest as text.

    With the corpus folder, what persons decided since the build counts, and is listed.
    """
    return "\n".join(_lines(snapshot, corpus)) + "\n"


def _lines(snapshot: Snapshot, corpus: Path | None) -> Iterator[str]:
    yield from _documents(snapshot)
    yield from _subjects(Decisions(corpus).over(snapshot) if corpus else snapshot)
    if corpus:
        yield from _decisions(corpus)
    problems = snapshot.records.problems()
    yield f"\nProblems: {len(problems)}"
    yield from (f"  {problem.what}: {problem.reason}" for problem in problems)
    yield "\nManifest"
    manifest = snapshot.manifest
    for name in ("created", "format", "model", "dimension", "documents", "passages", "sentences"):
        yield f"  {name}: {getattr(manifest, name)}"
    yield f"  stance model: {manifest.stance or 'none'}"
    yield f"  snapshot: {snapshot.name}"
    yield f"  corpus: {manifest.corpus}"


def _documents(snapshot: Snapshot) -> Iterator[str]:
    yield "Documents"
    left_out = snapshot.records.left_out()
    passages = snapshot.records.all_passages()
    for entry in snapshot.records.documents():
        card = entry.card
        known = [card.author, card.published and card.published.isoformat(), card.language]
        details = ", ".join(str(part) for part in known if part)
        yield f"  {entry.id}: {card.title} ({details or 'nothing else known'})"
        for stored in passages:
            passage = stored.passage
            if passage.document == entry.id:
                text = _clipped(snapshot.records.text(entry.id, passage.span))
                place = f"{passage.span.start}–{passage.span.end}"
                yield f"    {passage.ordinal:>3}  {place:<11}  {text}"
        for document, kind, text in left_out:
            if document == entry.id:
                yield f"    left out as {kind}: {_clipped(text)}"


def _subjects(snapshot: Snapshot) -> Iterator[str]:
    counts = Counter((one.label.subject, one.label.side.value) for one in snapshot.labels)
    givers = Counter(one.label.by for one in snapshot.labels)
    yield f"\nDebates: {len(snapshot.agenda.debates)}"
    for debate in snapshot.agenda.debates:
        sides = ", ".join(
            f"{counts[debate.id, side]} {side}" for side in ("yes", "no", "background")
        )
        inherits = f", and those of {', '.join(debate.inherits)}" if debate.inherits else ""
        yield f"  {debate.id}: {debate.motion.in_language('en')} ({sides}{inherits})"
    yield f"\nTopics: {len(snapshot.agenda.topics)}"
    for topic in snapshot.agenda.topics:
        labels = counts[topic.id, "background"]
        yield f"  {topic.id}: {topic.title.in_language('en')} ({labels} labels)"
    given = ", ".join(f"{count} {giver}" for giver, count in sorted(givers.items()))
    yield f"\nLabels: {sum(givers.values())}" + (f" ({given})" if given else "")
    suggested = [one.label for one in snapshot.labels if is_suggested(one.label)]
    unclear = sum(1 for label in suggested if label.side is Side.UNCLEAR)
    yield f"  not confirmed by a person: {len(suggested)}, of these unclear: {unclear}"


def _decisions(corpus: Path) -> Iterator[str]:
    """Yield what persons decided on in review files, with who and when where that is known."""
    lines: list[str] = []
    for path in sorted((corpus / REVIEW_FOLDER).glob("[!.]*.toml")):
        try:
            decided = [one for one in read_review(path) if one.decided]
        except CorpusError as error:
            lines.append(f"  {error}")
            continue
        lines += [f"  {path.stem}: {_decision(one)}" for one in decided]
    yield f"\nDecisions: {len(lines)}"
    yield from lines


def _decision(one: Suggestion) -> str:
    who = f" by {one.decided_by}" if one.decided_by else ""
    when = f" on {one.decided_at:%Y-%m-%d %H:%M} UTC" if one.decided_at else ""
    return f"{one.side}{who}{when}, {one.document}: {_clipped(one.quote)}"


def _clipped(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _CLIPPED else line[: _CLIPPED - 1] + "…"
