"""Chats full of questions, and what became of each: answered, asked about, told, or lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from workload import Asked

    from bot.playground import BotApiServer, Chat, Message, Person

AGAIN = "again:"
"""How the button begins that an interrupted answer can be had with."""
SETTLED_S = 120.0
_AT_ONCE = 2


@dataclass(slots=True, eq=False)
class Question:
    """A question in a chat, and what the bot said to it."""

    asked: Asked
    message: Message
    replies: list[Message] = field(default_factory=list)

    def notices(self) -> list[Message]:
        """Return what asks whether an answer has arrived."""
        return [one for one in self.replies if _offers(one)]

    def answers(self) -> list[Message]:
        """Return the answers."""
        return [one for one in self.replies if self.fits(one)]

    def others(self) -> list[Message]:
        """Return what else was said: that it failed."""
        return [one for one in self.replies if not _offers(one) and not self.fits(one)]

    def fits(self, message: Message) -> bool:
        """Tell whether a message is an answer to this question."""
        return any(motion in message.text for motion in self.asked.motions)


class Room:
    """A chat in which one person asks, two questions at once, and waits for both."""

    def __init__(self, person: Person, chat: Chat, asked: list[Asked], first: int) -> None:
        self._person = person
        self.chat = chat
        self._asked = asked
        self._next = first
        self.questions: list[Question] = []
        self.stray: list[Message] = []
        self._seen: set[Message] = set()

    async def ask_until(self, over: Callable[[], bool], said: Callable[[Message], None]) -> None:
        """Go on asking until it is over; `said` is told of each question."""
        while not over():
            for _ in range(_AT_ONCE):
                asked = self._asked[self._next % len(self._asked)]
                self._next += 1
                text = asked.text if self.chat.is_private else f"/ask {asked.text}"
                message = await self._person.say(self.chat, text)
                self.questions.append(Question(asked, message))
                said(message)
            await self.settled()

    async def settled(self) -> bool:
        """Wait until each question has a reply of some kind; return whether that came true."""
        try:
            await self.chat.bell.until(self._all_replied, SETTLED_S)
        except TimeoutError:
            return False
        return True

    async def redeem(self) -> int:
        """Tap where a notice stands without an answer; return how many answers that brought."""
        self.look()
        brought = 0
        for question in self.questions:
            if question.answers() or not question.notices():
                continue
            notice = question.notices()[-1]
            button = next(b for row in notice.buttons for b in row if _is_again(b))
            try:
                await self._person.press(notice, button, timeout_s=SETTLED_S)
                await self.chat.bell.until(lambda: self._answered(question), SETTLED_S)  # noqa: B023
            except TimeoutError:
                continue
            brought += 1
        return brought

    def look(self) -> None:
        """Find out which question each new message of the bot belongs to."""
        bots = [one for one in (*self.chat.messages, *self.chat.deleted) if one not in self._seen]
        for message in bots:
            self._seen.add(message)
            if message.sender is self._person.account:
                continue
            question = self._meant(message)
            (question.replies if question else self.stray).append(message)

    def disordered(self) -> int:
        """Count answers that came before that to an earlier question, taps aside."""
        firsts = [
            question.answers()[0].message_id
            for question in self.questions
            if question.answers() and not question.notices()
        ]
        return sum(one > following for one, following in pairwise(firsts))

    def _meant(self, message: Message) -> Question | None:
        """Return the question a message replies to, or the oldest that waits and that it fits.

        Whoever was asked whether the answer arrived waits for nothing until they tap, which they
        do when all others have been answered.
        """
        if message.reply_to:
            return next((q for q in self.questions if q.message is message.reply_to), None)
        earlier = [q for q in self.questions if q.message.message_id < message.message_id]
        fitting = [q for q in earlier if q.fits(message)]
        waiting = [q for q in fitting or earlier if not q.answers() and not q.others()]
        untold = [q for q in waiting if not q.replies]
        return next(iter(untold or waiting or fitting[-1:]), None)

    def _all_replied(self) -> bool:
        self.look()
        return all(question.replies for question in self.questions)

    def _answered(self, question: Question) -> bool:
        self.look()
        return bool(question.answers())


class Crowd:
    """Some private chats and as many groups."""

    def __init__(self, server: BotApiServer, asked: list[Asked], first_id: int, size: int) -> None:
        self.rooms: list[Room] = []
        for number in range(first_id, first_id + size):
            person = server.person(number, language_code="de" if number % 3 else "en")
            private = number % 2
            chat = (
                server.private_chat(person)
                if private
                else server.group(-1_000_000 - number, f"Group {number}", [person])
            )
            self.rooms.append(Room(person, chat, asked, number))

    async def ask_until(self, over: Callable[[], bool], said: Callable[[Message], None]) -> None:
        """Have everybody ask until it is over, and wait for what is still to come."""
        await asyncio.gather(*(room.ask_until(over, said) for room in self.rooms))

    async def redeem(self) -> int:
        """Have everybody tap who got no answer; return how many answers that brought."""
        return sum(await asyncio.gather(*(room.redeem() for room in self.rooms)))

    def counted(self) -> Counter[str]:
        """Return how many questions were asked, and what became of them."""
        found: Counter[str] = Counter()
        for room in self.rooms:
            room.look()
            found["out of order"] += room.disordered()
            found["stray"] += len(room.stray)
            for question in room.questions:
                answers, notices = len(question.answers()), len(question.notices())
                found["asked"] += 1
                found["answered once"] += answers == 1
                found["answered twice"] += answers > 1
                found["asked about"] += notices > 0
                found["told it failed"] += not answers and bool(question.others())
                found["lost"] += not question.replies or (not answers and not question.others())
        return found


def _offers(message: Message) -> bool:
    return any(_is_again(button) for row in message.buttons for button in row)


def _is_again(button: dict[str, str]) -> bool:
    return button.get("callback_data", "").startswith(AGAIN)
