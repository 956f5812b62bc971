"""An admin decides on spans one by one; a decision counts at the next question, and can go back."""
# ruff: noqa: ASYNC240 - what the bot wrote is looked at between two messages

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.telegram.handlers.admin.buttons import Judge
from index.debates.records import PERSON, Side
from index.debates.review import Suggestion, read_review

if TYPE_CHECKING:
    from pathlib import Path

    from bot.playground import Chat, Message, Person
    from bot.settings import Settings
    from index.debates.records import Label
    from tests.bot.conftest import StubStance
    from tests.bot.telegram.admin.conftest import Desk, Start

RICH = "Bienenstöcke auf Dächern bereichern jede Stadt im ganzen Land."
THREAT = "Bienenstöcke auf Dächern bedrohen die wilden Bienen der Stadt."
PERHAPS = "Bienenstöcke auf Dächern sind vielleicht nur eine <Mode>."
SUN = "Die Sonne scheint auf alle Dächer der Stadt."
DOCUMENTS = (
    "kleine-streitfragen.txt", "nachtmarkt.txt", "rooftop-hives.md", "stadtbienen.txt",
    "strassenbahn.txt", "wildbienen.txt",
)  # fmt: skip
DECIDED = "That one does not wait any more: it was decided on, or the index is new."


@pytest.fixture
def settings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A corpus with a new document; only of the bees does a model judge what is in it."""
    monkeypatch.setattr("index.building.learned_settings", lambda: None)
    text = f"Bienen auf dem Dach\n\n{RICH} {THREAT} {PERHAPS} {SUN}\n"
    (settings.corpus / "neu.txt").write_text(text, encoding="utf-8")
    for path in (settings.corpus / "debates").glob("*.toml"):
        read = DOCUMENTS if path.stem == "city-bees" else (*DOCUMENTS, "neu.txt")
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = "".join(line for line in lines if not line.startswith("read = "))
        named = ", ".join(f'"{name}"' for name in read)
        path.write_text(f"read = [{named}]\n{kept}", encoding="utf-8")
    return settings


@pytest.fixture
async def desk(open_desk: Start, stance: StubStance, admins_chat: Chat) -> Desk:  # noqa: ARG001
    """A bot whose index holds what the model suggests."""
    desk = await open_desk(stance)
    desk.library.rebuild(lambda *_: None)
    return desk


@pytest.fixture
def file(settings: Settings) -> Path:
    """Where decisions on the bees stand."""
    return settings.corpus / "review" / "city-bees.toml"


async def labels(desk: Desk) -> dict[str, Label]:
    """What the next question would be answered from, in the new document."""
    snapshot = await desk.worker.snapshot()
    found = (one.label for one in snapshot.labels)
    return {label.quote: label for label in found if label.document == "neu.txt"}


def tap(message: Message, choice: str) -> str:
    """Return the callback data of a choice under the span that is shown."""
    row: list[str] = [one["callback_data"] for buttons in message.buttons for one in buttons]
    return next(data for data in row if data.endswith(f":{choice}"))


async def test_the_least_certain_comes_first_with_its_context(
    desk: Desk, admin: Person, admins_chat: Chat
) -> None:
    """The motion, the sides' names, the span in bold among its neighbours, the document."""
    shown = await admin.ask(admins_chat, "/review")
    assert shown.text.splitlines() == [
        "Cities should allow beehives on roofs.",
        "",
        "Yes: For rooftop bees",
        "No: Against rooftop bees",
        "",
        f"{RICH} {THREAT} {PERHAPS} {SUN}",
        "Bienen auf dem Dach",
        "",
        "A model (stub-stance) is not certain, 50 %.",
        "Waiting for a decision: 3",
    ]
    bold = [one for one in shown.entities if one["type"] == "bold"]
    marked = shown.text[bold[1]["offset"] : bold[1]["offset"] + bold[1]["length"]]
    assert marked == PERHAPS
    assert shown.labels == [
        "Yes: For rooftop bees", "No: Against rooftop bees", "Background", "Reported only …",
        "Does not concern this", "Skip",
    ]  # fmt: skip
    assert (await labels(desk))[PERHAPS].side is Side.UNCLEAR


async def test_a_decision_counts_at_the_next_question(
    desk: Desk, admin: Person, admins_chat: Chat, file: Path
) -> None:
    """Without a build; with who and when, and the next span comes."""
    name = (await desk.worker.snapshot()).name
    shown = await admin.ask(admins_chat, "/review")
    await admin.tap(shown, "Yes: For rooftop bees")
    assert "Waiting for a decision: 2" in shown.text
    label = (await labels(desk))[PERHAPS]
    assert (label.side, label.by, label.certainty) == (Side.YES, PERSON, 1.0)
    (kept,) = read_review(file)
    assert (kept.quote, kept.side, kept.decided_by) == (PERHAPS, "yes", "9001")
    assert kept.decided_at
    assert abs(kept.decided_at - datetime.now(UTC)) < timedelta(minutes=5)
    advice = await desk.worker.debate("city-bees")
    assert any(one.quote == PERHAPS or PERHAPS in one.quote for one in advice.excerpts())
    assert (await desk.worker.snapshot()).name == name


@pytest.mark.parametrize(
    ("choice", "side"),
    [("no", Side.NO), ("background", Side.BACKGROUND), ("none", None)],
)
async def test_each_choice_is_kept(
    desk: Desk, admin: Person, admins_chat: Chat, file: Path, choice: str, side: Side | None
) -> None:
    """What does not concern the debate is labelled by nobody any more."""
    shown = await admin.ask(admins_chat, "/review")
    await admin.tap(shown, tap(shown, choice))
    (kept,) = read_review(file)
    assert kept.side == choice
    found = (await labels(desk)).get(PERHAPS)
    assert (found and found.side) == side


async def test_what_is_only_reported_is_asked_for_its_side(
    desk: Desk, admin: Person, admins_chat: Chat, file: Path
) -> None:
    """One can go back from there, too."""
    shown = await admin.ask(admins_chat, "/review")
    await admin.tap(shown, "Reported only …")
    await admin.tap(shown, "↩ Back")
    assert "Skip" in shown.labels
    await admin.tap(shown, "Reported only …")
    assert shown.labels == [
        "Reported: For rooftop bees", "Reported: Against rooftop bees", "↩ Back",
    ]  # fmt: skip
    await admin.tap(shown, "Reported: Against rooftop bees")
    (kept,) = read_review(file)
    assert kept.side == "no-reported"
    label = (await labels(desk))[PERHAPS]
    assert (label.side, label.reported) == (Side.NO, True)


async def test_undo_restores_what_was(
    desk: Desk, admin: Person, admins_chat: Chat, file: Path
) -> None:
    """File and labels; the span is shown again, after a restart as well."""
    before = await labels(desk)
    shown = await admin.ask(admins_chat, "/review")
    text = shown.text
    await admin.tap(shown, "Does not concern this")
    await admin.tap(shown, "No: Against rooftop bees")
    assert len(read_review(file)) == 2
    await admin.tap(shown, "↩ Undo")
    await admin.tap(shown, "↩ Undo")
    assert shown.text == text
    assert not file.exists()
    assert await labels(desk) == before
    assert "↩ Undo" not in shown.labels


async def test_undo_restores_a_file_that_a_person_keeps(
    desk: Desk, admin: Person, admins_chat: Chat, file: Path
) -> None:
    """Byte for byte, where it is as `label suggest` writes it."""
    from bot.curation import suggest  # noqa: PLC0415

    suggest(desk.library, desk.settings.corpus, ["city-bees"])
    before = file.read_bytes()
    shown = await admin.ask(admins_chat, "/review")
    await admin.tap(shown, "Background")
    assert file.read_bytes() != before
    await admin.tap(shown, "↩ Undo")
    assert file.read_bytes() == before


async def test_a_restart_in_between_keeps_skips_and_undo(
    open_desk: Start,
    desk: Desk,
    stance: StubStance,
    admin: Person,
    admins_chat: Chat,
    file: Path,
) -> None:
    """They are in the store; buttons of the old message go on."""
    shown = await admin.ask(admins_chat, "/review")
    await admin.tap(shown, "Skip")
    assert PERHAPS in shown.text
    second = shown.text
    await admin.tap(shown, tap(shown, "yes"))
    await desk.kill()
    desk = await open_desk(stance)
    await admin.tap(shown, "↩ Undo")
    assert shown.text == second
    assert not file.exists()
    for _ in range(2):
        await admin.tap(shown, "Does not concern this")
    assert shown.text == "Only those wait that were skipped: 1."
    await admin.tap(shown, "Show them")
    assert "is not certain, 50 %." in shown.text
    await admin.tap(shown, "Background")
    assert shown.text == "No span waits for a decision."


async def test_decisions_survive_a_rebuild_and_count_the_same(
    desk: Desk, admin: Person, admins_chat: Chat
) -> None:
    """What was laid over the old index is in the new one."""
    shown = await admin.ask(admins_chat, "/review")
    await admin.tap(shown, "Does not concern this")
    await admin.tap(shown, tap(shown, "no"))
    laid_over = await labels(desk)
    desk.library.rebuild(lambda *_: None)
    assert await labels(desk) == laid_over
    await admin.tap(shown, "↩ Undo")
    assert "Waiting for a decision: 2" in shown.text
    assert len(await labels(desk)) == 2
    assert not any(label.by == PERSON for label in (await labels(desk)).values())


async def test_two_admins_decide_once(
    desk: Desk, admin: Person, admins_chat: Chat, german: Person, germans_chat: Chat, file: Path
) -> None:
    """The second one is told, and goes on with the next; only the first one's word is kept."""
    mine = await admin.ask(admins_chat, "/review")
    theirs = await german.ask(germans_chat, "/review")
    assert "Ein Modell (stub-stance) ist sich nicht sicher, 50 %." in theirs.text
    assert "Ja: Für Dachbienen" in theirs.labels
    await admin.tap(mine, tap(mine, "yes"))
    answer = await german.tap(theirs, "Betrifft das nicht")
    assert (
        answer.text
        == "Diese Stelle wartet nicht mehr: Sie ist entschieden, oder der Index ist neu."
    )
    assert "Warten auf eine Entscheidung: 2" in theirs.text
    await german.tap(theirs, tap(theirs, "no"))
    assert [(one.side, one.decided_by) for one in read_review(file)] == [
        ("yes", "9001"), ("no", "9002"),
    ]  # fmt: skip
    assert (await labels(desk))[PERHAPS].side is Side.YES
    await admin.tap(mine, "↩ Undo")
    assert [one.decided_by for one in read_review(file)] == ["9002"]


async def test_undo_leaves_what_somebody_else_has_changed_since(
    desk: Desk, admin: Person, admins_chat: Chat, file: Path
) -> None:
    """By hand, say."""
    assert desk
    shown = await admin.ask(admins_chat, "/review")
    await admin.tap(shown, tap(shown, "yes"))
    file.write_text(re.sub(r'side = "yes"', 'side = "no"', file.read_text()), encoding="utf-8")
    answer = await admin.tap(shown, "↩ Undo")
    assert answer.text == "Somebody has changed that since; their word stays."
    assert [one.side for one in read_review(file)] == ["no"]


async def test_a_hand_edited_file_counts_at_the_next_question(desk: Desk, file: Path) -> None:
    """Without who and when; one that is broken changes nothing until it is mended."""
    file.parent.mkdir()
    block = (
        f'[[span]]\ndocument = "neu.txt"\nquote = "{THREAT}"\nsuggested = "no"\n'
        'certainty = 0.9\nby = "stub-stance"\nside = "yes"\n'
    )
    file.write_text(block, encoding="utf-8")
    assert (await labels(desk))[THREAT].side is Side.YES
    file.write_text(f"{block}[[span]", encoding="utf-8")
    assert (await labels(desk))[THREAT].side is Side.YES
    file.unlink()
    assert (await labels(desk))[THREAT].by == "stub-stance"


async def test_a_corpus_that_cannot_be_written_to_breaks_nothing(
    desk: Desk, admin: Person, admins_chat: Chat
) -> None:
    """The admin is told; the span still waits."""
    (desk.settings.corpus / "review").write_text("no folder", encoding="utf-8")
    shown = await admin.ask(admins_chat, "/review")
    answer = await admin.tap(shown, "Background")
    assert (answer.text or "").startswith("The corpus cannot be changed: ")
    assert answer.show_alert
    assert "Waiting for a decision: 3" in shown.text
    assert (await labels(desk))[PERHAPS].side is Side.UNCLEAR


async def test_a_broken_review_file_is_not_written_over(
    desk: Desk, admin: Person, admins_chat: Chat, file: Path
) -> None:
    """A person's work may be in it."""
    assert desk
    file.parent.mkdir()
    file.write_text("[[span]", encoding="utf-8")
    shown = await admin.ask(admins_chat, "/review")
    answer = await admin.tap(shown, "Background")
    assert "city-bees.toml: not valid TOML" in (answer.text or "")
    assert file.read_text(encoding="utf-8") == "[[span]"


@pytest.mark.parametrize(
    ("data", "toast"),
    [
        (Judge(span="f" * 12, choice="yes"), DECIDED),
        (Judge(span="../x", choice="none"), DECIDED),
        (Judge(span="", choice="undo"), "There is nothing to take back."),
        (Judge(span="f" * 12, choice="unclear"), "I do not know this button."),
        (Judge(span="f" * 12, choice=""), "I do not know this button."),
        (Judge(span="f" * 12, choice="reported"), ""),
    ],
)
async def test_forged_buttons_decide_nothing(
    desk: Desk, admin: Person, admins_chat: Chat, data: Judge, toast: str
) -> None:
    shown = await admin.ask(admins_chat, "/review")
    shown.reply_markup = {"inline_keyboard": [[{"text": "x", "callback_data": data.pack()}]]}
    assert (await admin.tap(shown, "x")).text == toast
    assert not (desk.settings.corpus / "review").exists()


async def test_the_same_sentence_twice_is_decided_once(
    desk: Desk, admin: Person, admins_chat: Chat
) -> None:
    """A decision is on words: whatever says just the same waits no longer."""
    path = desk.settings.corpus / "neu.txt"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{PERHAPS}\n", encoding="utf-8")
    desk.library.rebuild(lambda *_: None)
    shown = await admin.ask(admins_chat, "/review")
    assert "Waiting for a decision: 4" in shown.text
    await admin.tap(shown, "Background")
    assert "Waiting for a decision: 2" in shown.text


@pytest.mark.usefixtures("open_desk")
async def test_without_suggestions_nothing_waits(
    open_desk: Start, admin: Person, admins_chat: Chat
) -> None:
    await open_desk()
    assert (await admin.ask(admins_chat, "/review")).text == "No span waits for a decision."


def test_a_suggestion_says_where_it_is() -> None:
    one = Suggestion("a.txt", "Ein Satz.", Side.UNCLEAR, 0.5, "stub")
    assert one.place == ("a.txt", "Ein Satz.")
