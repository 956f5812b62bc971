"""What the keeper of a corpus does from the command line: draft debates, label, check."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bot.keeping.decisions import is_suggested
from index.answering.retrieval import Query, find_passages
from index.debates.checking import ERRORS, check_labels
from index.debates.drafting import draft_debate, list_passages
from index.debates.review import Suggestion, review_file, write_review
from index.questions.language import detect_language

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bot.library import Library
    from index.debates.records import Debate, Side
    from index.storage.protocol import Snapshot

_PASSAGES = 8


def suggest(library: Library, corpus: Path, names: Sequence[str]) -> None:
    """Write what a model suggests for some debates, or for all, to files that a person edits.

    Raises:
        ValueError: There is no such debate.
    """
    snapshot = library.advisor.snapshot
    debates = {debate.id: debate for debate in snapshot.agenda.debates}
    for name in names or debates:
        if name not in debates:
            known = ", ".join(sorted(debates)) or "none"
            raise ValueError(f"no debate is called {name!r}; there are: {known}")
        sys.stdout.write(_suggested(snapshot, corpus, debates[name]) + "\n")


def check(corpus: Path) -> bool:
    """Print what is wrong with a corpus' labels; return whether nothing is an error."""
    findings = check_labels(corpus)
    for finding in findings:
        sys.stdout.write(f"{finding.kind}: {finding.where}: {finding.what}\n")
    errors = sum(1 for finding in findings if finding.kind in ERRORS)
    sys.stdout.write(f"{errors} errors, {len(findings) - errors} notes\n")
    return not errors


def draft(
    library: Library, corpus: Path, motion: str, name: str | None, sides: dict[Side, str]
) -> None:
    """Draft a debate, list its most relevant passages, and write suggestions for them.

    Raises:
        ValueError: The motion or the name cannot be used.
    """
    language = detect_language(motion) or "en"
    path = draft_debate(corpus, motion, language, name, sides)
    library.rebuild(lambda _stage, _done, _total: None)
    advisor = library.advisor
    query = Query(motion, language, advisor.encode(motion))
    list_passages(path, _relevant(advisor.snapshot, query))
    sys.stdout.write(f"{path}\n")
    suggest(library, corpus, [path.stem])
    sys.stdout.write(
        "Name the sides, decide the suggestions, add example questions to questions.toml; then\n"
        "audiatur label check, and audiatur reindex.\n"
    )


def _suggested(snapshot: Snapshot, corpus: Path, debate: Debate) -> str:
    """Write one debate's review file; return a line on what was done."""
    suggestions = list(_suggestions(snapshot, debate))
    if not suggestions and not review_file(corpus, debate).exists():
        return f"{debate.id}: nothing to suggest; its documents are read, or none is near"
    path, waiting = write_review(corpus, debate, suggestions)
    return f"{debate.id}: {waiting} spans to decide in {path}"


def _suggestions(snapshot: Snapshot, debate: Debate) -> Iterator[Suggestion]:
    for one in snapshot.labels:
        label = one.label
        if label.subject == debate.id and is_suggested(label):
            yield Suggestion(label.document, label.quote, label.side, label.certainty, label.by)


def _relevant(snapshot: Snapshot, query: Query) -> Iterator[tuple[str, str, str]]:
    rows = list(find_passages(snapshot, query, _PASSAGES).fused)[:_PASSAGES]
    for stored in snapshot.records.passages(rows):
        passage = stored.passage
        text = snapshot.records.text(passage.document, passage.span)
        yield passage.document, " › ".join(passage.heading), text
