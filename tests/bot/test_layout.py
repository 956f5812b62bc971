"""An answer becomes blocks that fit one message: fewer excerpts, never half of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from operator import mul

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.layout import (
    MESSAGE_LIMIT,
    Block,
    Heading,
    Items,
    Note,
    Paragraph,
    Quote,
    Title,
    answer_of,
    citation,
    cited,
    is_suggested,
    lay_out,
    length_of,
    side_name,
    sources_blocks,
    utf16_length,
)
from index.answering.advice import Advice, Excerpt, SideOfAnswer, Stance
from index.corpus.records import Card
from index.debates.loading import Agenda
from index.debates.records import Debate, Localised, Side, Topic
from index.storage.records import Entry

DEBATE = Debate(
    "bees",
    Localised({"de": "Bienen sollten bleiben.", "en": "Bees should stay."}),
    {Side.YES: Localised({"de": "Dafür"}), Side.NO: Localised({"de": "Dagegen"})},
)
AGENDA = Agenda((DEBATE,))
BARE = Agenda()
# Astral characters count twice for Telegram; one such quotation a side always fits.
WORDS = st.builds(mul, st.sampled_from(["a", "ä ", "😀", "x\n"]), st.integers(1, 900))


def excerpt(quote: str, **more: object) -> Excerpt:
    known: dict[str, object] = {
        "document": "bees.txt",
        "title": "Bees",
        "author": None,
        "published": None,
        "heading": None,
        "start": 0,
        "end": len(quote),
        "similarity": 0.9,
    }
    return Excerpt(quote=quote, **(known | more))  # type: ignore[arg-type]


def answer(yes: list[str], no: list[str], background: list[str]) -> Advice:
    """Return an answer that shows these quotations."""
    sides = tuple(
        SideOfAnswer(stance, DEBATE.sides[side], tuple(map(excerpt, texts)))
        for stance, side, texts in ((Stance.YES, Side.YES, yes), (Stance.NO, Side.NO, no))
    )
    return Advice(
        "?",
        "de",
        answered=True,
        debate=DEBATE,
        sides=sides,
        background=tuple(map(excerpt, background)),
    )


def quotes(blocks: list[Block]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Quote)]


def parts(blocks: list[Block]) -> list[list[str]]:
    """Return the quotations under each heading."""
    found: list[list[str]] = []
    for block in blocks:
        if isinstance(block, Heading):
            found.append([])
        elif isinstance(block, Quote):
            found[-1].append(block.text)
    return found


def test_both_sides_then_background() -> None:
    """Under the motion, each excerpt with its number, and the yes of the question first."""
    blocks = lay_out(answer(["a.", "b."], ["c."], ["d."]), "de", AGENDA)
    assert blocks == [
        Title("Bienen sollten bleiben."),
        Heading("Ja – Dafür"),
        Quote("a.", 1, "Bees"),
        Quote("b.", 2, "Bees"),
        Heading("Nein – Dagegen"),
        Quote("c.", 3, "Bees"),
        Heading("Hintergrund"),
        Quote("d.", 4, "Bees"),
    ]


def test_a_side_without_a_voice_says_so() -> None:
    """Silence is no excerpt of the other side."""
    blocks = lay_out(answer(["a."], [], []), "en", AGENDA)
    assert blocks[-2:] == [
        Heading("No – Dagegen"),
        Paragraph("No voice in the documents speaks for this side."),
    ]


def test_nothing_found_names_what_there_is() -> None:
    """In the interface's language, a handful; none is listed that has a button of its own."""
    debates = tuple(
        Debate(f"d{n}", Localised({"en": f"Motion {n}."}), DEBATE.sides) for n in range(9)
    )
    blocks = lay_out(Advice("?", "en", answered=False), "en", Agenda(debates))
    assert blocks == [
        Paragraph("I have nothing on this."),
        Paragraph("What my documents do cover, for example:"),
        Items(tuple(f"Motion {n}." for n in range(5))),
    ]
    nothing = Advice("?", "en", answered=False)
    assert lay_out(nothing, "en", Agenda(debates), with_buttons=True) == blocks[:2]
    assert lay_out(Advice("?", "en", answered=False), "de", BARE) == [
        Paragraph("Dazu habe ich nichts.")
    ]


def test_an_open_question_has_a_title_and_no_sides() -> None:
    """With the topic's name where one is recognised, and no heading for the only part."""
    topic = Topic("care", Localised({"en": "Caring for bees"}))
    advice = Advice("?", "en", answered=True, topic=topic, background=(excerpt("x."),))
    assert lay_out(advice, "en", AGENDA) == [Title("Caring for bees"), Quote("x.", 1, "Bees")]
    nameless = Advice("?", "en", answered=True, background=(excerpt("x."),))
    assert lay_out(nameless, "en", AGENDA) == [Quote("x.", 1, "Bees")]


def test_a_corpus_without_debates_says_so() -> None:
    """Nobody should wonder where the sides are."""
    advice = Advice("?", "en", answered=True, background=(excerpt("x."), excerpt("y.")))
    assert lay_out(advice, "en", BARE) == [
        Paragraph("No debate is described for these documents; this is what they say."),
        Quote("x.", 1, "Bees"),
        Quote("y.", 2, "Bees"),
    ]


def test_a_citation_says_what_is_known() -> None:
    """Title or file, author, date, heading, and that a view is only reported."""
    full = excerpt("x", author="Ida", published=date(2019, 5, 20), heading="Roofs")
    assert citation(full, "en") == "Bees, Ida, May 20, 2019 · Roofs"
    assert citation(full, "de") == "Bees, Ida, 20.05.2019 · Roofs"
    assert citation(excerpt("x", title=None), "en") == "bees.txt"
    reported = Advice("?", "en", answered=True, background=(excerpt("x", reported=True),))
    assert lay_out(reported, "en", AGENDA) == [
        Quote("x", 1, "Bees · reported there, not shared by the author")
    ]


def test_sources_are_listed_with_their_size() -> None:
    """Each on a line, in the reader's language."""
    entries = [
        Entry("a.txt", Card("A title", "Ida", date(2019, 5, 20), "de"), 12),
        Entry("b.txt", Card(), 1),
    ]
    assert sources_blocks(entries, "de") == [
        Title("Dokumente"),
        Items(("A title, Ida, 20.05.2019 (12 Passagen)", "b.txt (1 Passage)")),
    ]


@pytest.mark.parametrize(("text", "length"), [("", 0), ("aä", 2), ("😀", 2), ("e\u0301", 2)])
def test_lengths_count_as_telegram_counts(text: str, length: int) -> None:
    """In UTF-16 units, not in characters."""
    assert utf16_length(text) == length


def test_room_is_made_for_background_last() -> None:
    """First its excerpts go, then one of each side at a time."""
    long = "x" * 900

    def counted(yes: int, no: int, background: int) -> list[int]:
        asked = answer([long] * yes, [long] * no, [long] * background)
        return [len(part) for part in parts(lay_out(asked, "de", AGENDA))]

    assert counted(1, 1, 2) == [1, 1, 2]
    assert counted(1, 1, 3) == [1, 1, 2]
    assert counted(2, 2, 1) == [2, 2]
    assert counted(3, 3, 1) == [2, 2]
    assert counted(3, 2, 1) == [2, 2]
    assert counted(3, 1, 1) == [3, 1]
    assert counted(4, 1, 1) == [3, 1]


NAMES = {
    Side.YES: Localised({"de": "Dafür", "en": "For"}),
    Side.NO: Localised({"de": "Dagegen", "en": "Against"}),
}


def ad_hoc(yes: list[str], no: list[str], unclear: list[str]) -> Advice:
    """Return an answer whose sides a model chose, for a question of no debate."""
    sides = tuple(
        SideOfAnswer(
            stance,
            NAMES[side],
            tuple(excerpt(text, label_by="bundled", certainty=0.914) for text in texts),
        )
        for stance, side, texts in ((Stance.YES, Side.YES, yes), (Stance.NO, Side.NO, no))
    )
    doubted = tuple(excerpt(text, certainty=0.55) for text in unclear)
    return Advice("?", "de", answered=True, sides=sides, unclear=doubted)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "de",
            [
                "Hierzu ist keine Debatte beschrieben; die Seiten hat ein Modell gewählt.",
                "Ja – Dafür",
                "Bees · Seite von einem Modell vorgeschlagen, 91 %",
                "Nein – Dagegen",
                "Für diese Seite ist sich das Modell bei keiner Stelle sicher.",
                "Verwandt, Seite nicht sicher",
            ],
        ),
        (
            "en",
            [
                "No debate is described for this; a model chose the sides.",
                "Yes – For",
                "Bees · side suggested by a model, 91 %",
                "No – Against",
                "The model is certain of no excerpt for this side.",
                "Related, side not certain",
            ],
        ),
    ],
)
def test_sides_that_a_model_chose_are_called_so(language: str, words: list[str]) -> None:
    """Nobody should take them for a person's; what is uncertain stands apart from both."""
    said, yes, suggested, no, silence, related = words
    assert lay_out(ad_hoc(["a."], [], ["b."]), language, AGENDA) == [
        Paragraph(said),
        Heading(yes),
        Quote("a.", 1, suggested),
        Heading(no),
        Paragraph(silence),
        Heading(related),
        Quote("b.", 2, "Bees"),
    ]


@pytest.mark.parametrize(
    ("language", "heading"),
    [("de", "Verwandt, Seite nicht sicher"), ("en", "Related, side not certain")],
)
def test_unclear_excerpts_come_last(language: str, heading: str) -> None:
    """Below the background of a debate, numbered on."""
    unclear = (excerpt("d.", certainty=0.6), excerpt("e.", certainty=0.5))
    advice = replace(answer(["a."], ["b."], ["c."]), unclear=unclear)
    assert lay_out(advice, language, AGENDA)[-3:] == [
        Heading(heading),
        Quote("d.", 4, "Bees"),
        Quote("e.", 5, "Bees"),
    ]


@pytest.mark.parametrize(
    ("by", "certainty", "suggested"),
    [
        ("bundled", 0.9, True),
        ("some/model", 0.99, True),
        ("learned", 0.8, True),
        ("curated", 1.0, False),
        ("person", 1.0, False),
        ("Petra", 1.0, False),
        ("curated", None, False),
        (None, None, False),
        (None, 0.6, False),
    ],
)
def test_only_what_a_model_put_on_a_side_is_called_suggested(
    by: str | None, certainty: float | None, *, suggested: bool
) -> None:
    """A person may be named in a file; what is on no side was not put there."""
    one = excerpt("a.", label_by=by, certainty=certainty)
    assert is_suggested(one) is suggested
    assert ("suggested by a model" in cited(one, "en")) is suggested


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "de",
            [
                "dort nur berichtet, vom Autor nicht geteilt",
                "Seite von einem Modell vorgeschlagen, 88 %",
                "+2 ähnliche",
            ],
        ),
        (
            "en",
            [
                "reported there, not shared by the author",
                "side suggested by a model, 88 %",
                "+2 similar",
            ],
        ),
    ],
)
def test_a_citation_says_what_to_know_before_trusting_it(language: str, words: list[str]) -> None:
    """Reported, suggested, and how many others make the same point: in this order."""
    similar = (excerpt("b."), excerpt("c."))
    one = excerpt("a.", label_by="learned", certainty=0.876, reported=True, similar=similar)
    assert cited(one, language) == " · ".join(["Bees", *words])
    assert cited(excerpt("a."), language) == "Bees"


def test_what_is_unclear_gives_way_first() -> None:
    """The last of it before the first; background and sides stay as long as they can."""
    long = "x" * 1000
    unclear = (excerpt("d."), excerpt(long), excerpt("e."))
    advice = replace(answer([long], [long], ["c."]), unclear=unclear)
    assert parts(lay_out(advice, "en", AGENDA)) == [[long], [long], ["c."], ["d.", long, "e."]]
    fuller = replace(advice, background=(excerpt(long),))
    assert parts(lay_out(fuller, "en", AGENDA)) == [[long], [long], [long], ["d."]]


@settings(deadline=None)
@given(
    yes=st.lists(WORDS, max_size=6),
    no=st.lists(WORDS, max_size=6),
    background=st.lists(WORDS, max_size=4),
)
def test_any_answer_fits_and_nothing_is_cut(
    yes: list[str], no: list[str], background: list[str]
) -> None:
    """Each side keeps its best excerpts, whole; where some go, both sides get the same room."""
    blocks = lay_out(answer(yes, no, background), "de", AGENDA)
    shown = parts(blocks)
    assert length_of(blocks) <= MESSAGE_LIMIT
    assert shown[0] == yes[: len(shown[0])]
    assert shown[1] == no[: len(shown[1])]
    if [len(yes), len(no)] != [len(shown[0]), len(shown[1])]:
        assert len(shown) == 2, "background stays although a side was shortened"
        room = max(len(shown[0]), len(shown[1]))
        assert [len(part) for part in shown] == [min(room, len(yes)), min(room, len(no))]
        one_more = answer(yes[: room + 1], no[: room + 1], [])
        assert lay_out(one_more, "de", AGENDA) == blocks, "more would have fitted"
    if len(shown) == 3:
        assert shown[2] == background[: len(shown[2])]
    assert [block.number for block in blocks if isinstance(block, Quote)] == list(
        range(1, len(quotes(blocks)) + 1)
    )


@settings(deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=6))
def test_an_open_answer_fits_too(background: list[str]) -> None:
    """With at least one excerpt left."""
    advice = Advice("?", "de", answered=True, background=tuple(map(excerpt, background)))
    blocks = lay_out(advice, "de", AGENDA)
    assert length_of(blocks) <= MESSAGE_LIMIT
    assert quotes(blocks) == background[: len(quotes(blocks))]
    assert quotes(blocks)


def test_a_citation_names_the_page() -> None:
    """Of documents that have pages, before the heading, in the interface's language."""
    paged = excerpt("a.", heading="On roofs", page=12)
    assert citation(paged, "en") == "Bees · p. 12 · On roofs"
    assert citation(paged, "de") == "Bees · S. 12 · On roofs"


def test_an_answer_says_what_it_follows_on_from() -> None:
    """In short, and before anything else; silence does, too."""
    asked = replace(answer(["a."], [], []), refines="Long ago? " * 40)
    first, second, *_ = lay_out(asked, "en", AGENDA)
    assert isinstance(first, Note)
    assert first.text.startswith("Following on from: Long ago? ")
    assert len(first.text) < 200
    assert second == Title("Bees should stay.")
    silence = lay_out(Advice("?", "en", answered=False, refines="Bees?"), "en", AGENDA)
    assert silence[0] == Note("Following on from: Bees?")


def test_a_side_says_yes_or_no_only_where_it_is_sure_which_way_was_asked() -> None:
    side = SideOfAnswer(Stance.YES, DEBATE.sides[Side.NO], (excerpt("a"),))
    assert (side_name(side, "de"), answer_of(side, "de")) == ("Ja – Dagegen", "Ja")
    unsure = replace(side, sure=False)
    assert (side_name(unsure, "de"), answer_of(unsure, "de")) == ("Dagegen", "Dagegen")
