"""What a conversation has come to is kept as one string, and read again as it was."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from index.questions.reading import Polarity
from index.questions.turns import Said, plain, read_turns, write_turns

LEAVE = Said("Should we leave?", "leave", Polarity.AS_MOTION)
STAY = Said("And if we stay?", "leave", Polarity.REVERSED)
COSTS = Said("What about costs?", "leave", Polarity.REVERSED)


def test_a_plain_question_is_a_conversation_of_one_turn() -> None:
    """Whoever keeps only the question itself may hand that in."""
    assert read_turns("Should we leave?") == (Said("Should we leave?"),)
    assert read_turns(" \n ") == ()


def test_white_space_in_a_question_is_folded() -> None:
    """A question of several lines stays one turn."""
    (turn,) = read_turns(write_turns((Said("Hello,\n\nshould\twe leave?"),)))
    assert turn.text == "Hello, should we leave?"


def test_a_turn_keeps_its_debate_and_which_way_it_was_asked() -> None:
    """So nothing need be read again at the next turn."""
    assert read_turns(write_turns((LEAVE, STAY))) == (LEAVE, STAY)


def test_a_conversation_stays_short() -> None:
    """The first turn, the last that was answered in a debate, and the last one are kept."""
    how = Said("How is that done?")
    assert read_turns(write_turns((LEAVE, STAY, COSTS, how))) == (LEAVE, COSTS, how)
    assert read_turns(write_turns((LEAVE, STAY, COSTS))) == (LEAVE, COSTS)


def test_people_see_their_questions_only() -> None:
    """What is kept beside them does not show."""
    assert plain(write_turns((LEAVE, STAY))) == "Should we leave? And if we stay?"


def test_what_names_no_known_way_of_asking_is_a_plain_turn() -> None:
    """A string that another version wrote loses its debate, not its text."""
    assert read_turns("Leave?\x1fleave\x1fsideways") == (Said("Leave?"),)
    assert read_turns("Leave?\x1fleave") == (Said("Leave?"),)


@settings(deadline=None)
@given(st.lists(st.text(), min_size=1, max_size=5))
def test_any_text_can_be_kept(texts: list[str]) -> None:
    """No text is taken for a mark between turns."""
    written = write_turns(tuple(Said(text, "leave", Polarity.REVERSED) for text in texts))
    kept = [" ".join(text.split()) for text in texts]
    assert {turn.text for turn in read_turns(written)} <= set(kept)
    assert all(turn.debate == "leave" for turn in read_turns(written))
