"""Other debates are offered where a question leaves open which is meant, and only there."""

from __future__ import annotations

from index.questions.alternatives import alternatives, named_besides
from index.questions.classifier import Nearness, Ranked
from index.questions.lexicon import read_form
from index.questions.reading import Reading

DEBATES = ("leave", "agency", "free")


def reading(question: str, **shares: float) -> Reading:
    """Return a reading of an English question with these probabilities; `off` is off topic."""
    ordered = sorted(shares.items(), key=lambda pair: -pair[1])
    names = tuple("" if name == "off" else name for name, _ in ordered)
    ranked = Ranked(names, tuple(share for _, share in ordered), Nearness(-1, -1))
    return Reading("en", read_form(question, "en"), ranked, None, None, None)


def offered(question: str, *, covered: bool = True, **shares: float) -> tuple[str, ...]:
    read = reading(question, **shares)
    first = next((name for name in read.ranked.subjects if name), None) if read.ranked else None
    return alternatives(question, read, DEBATES, first if covered else None, covered=covered)


LEAVE = "Should our company leave social networks?"
VAGUE = "Should we do it ourselves?"


def test_a_clear_question_is_offered_nothing() -> None:
    """One debate is far likelier than all others."""
    assert offered(LEAVE, leave=0.9, agency=0.06, free=0.04) == ()


def test_debates_about_as_likely_are_offered_best_first() -> None:
    """At most two, and never the one that is shown."""
    assert offered(LEAVE, leave=0.4, agency=0.25, free=0.3) == ("free", "agency")


def test_what_is_likely_only_beside_something_unlikely_is_not_offered() -> None:
    """Of little, much is still little."""
    assert offered(LEAVE, leave=0.1, agency=0.1, off=0.8) == ()


def test_topics_and_off_topic_are_no_debates() -> None:
    """They have no sides to show."""
    assert offered(LEAVE, leave=0.4, resources=0.3, off=0.3) == ()


def test_a_question_that_names_no_subject_is_offered_the_likeliest() -> None:
    """Even where the documents do not cover it as it stands."""
    found = offered(VAGUE, covered=False, off=0.9, agency=0.06, leave=0.03, free=0.005)
    assert found == ("agency", "leave")


def test_beside_the_likeliest_stands_the_first_debate_of_the_corpus() -> None:
    """What a question means that says nothing of any debate is most often the main one."""
    question = "Is it worth it?"
    found = offered(question, covered=False, off=0.96, free=0.02, agency=0.01, leave=0.001)
    assert found == ("free", "leave")
    assert offered(question, covered=False, off=0.96, leave=0.02, free=0.01) == ("leave", "free")


def test_what_is_not_covered_and_names_a_subject_is_offered_nothing() -> None:
    """A question about something else is no question about one of the debates."""
    question = "Should pharmacists wear helmets underground?"
    assert offered(question, covered=False, off=0.5, agency=0.3, leave=0.2) == ()


def test_an_open_question_or_a_greeting_is_offered_nothing() -> None:
    """A question of how has no two sides; a word may be a greeting."""
    assert offered("How do we do that?", leave=0.5, agency=0.5) == ()
    assert offered("Hello!", leave=0.5, agency=0.5) == ()


def test_without_debates_there_is_nothing_to_offer() -> None:
    """A corpus may know no subjects at all."""
    read = Reading("en", read_form(VAGUE, "en"), None, None, None, None)
    assert alternatives(VAGUE, read, (), None, covered=True) == ()
    assert named_besides(read, (), None) == ()


def test_a_refining_question_may_name_another_debate_outright() -> None:
    """ "And the costs?" is read in the debate at hand, and another one is about just that."""
    read = reading("And the costs?", free=0.7, leave=0.2)
    assert named_besides(read, DEBATES, "leave") == ("free",)
    assert named_besides(read, DEBATES, "free") == ()
    assert named_besides(reading("And the costs?", free=0.4, leave=0.2), DEBATES, "leave") == ()
