"""The command line: `audiatur …`, and what `make run` starts.

Exit codes: 0 done, 1 failed, 2 usage or configuration. An error is one line on standard error.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from bot.errors import ServiceError, SettingsError
from bot.meter import Meter
from bot.ops.logs import configure_logging
from bot.settings import Settings, settings_from
from index.errors import AudiaturError, BuildInProgress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.library import Library
    from index.answering.advisor import Advisor
    from index.storage.protocol import Shelf

DONE, FAILED, USAGE = 0, 1, 2
_ROOT = Path(__file__).resolve().parent.parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    options = _parser().parse_args(arguments)
    # threads that spin while they wait cost tens of times as much beside other work
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        settings = settings_from(os.environ)
        configure_logging(settings.log_level or "WARNING", settings.log_format)
        code: int = options.command(settings, options)
    except SettingsError as error:
        return _failed(error, USAGE)
    except (AudiaturError, ServiceError, ValueError, OSError) as error:
        return _failed(error, FAILED)
    except KeyboardInterrupt:
        return DONE
    return code


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"audiatur: {message}; see {self.prog} --help\n")
        raise SystemExit(USAGE)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser("audiatur", description="Both sides of a question, verbatim and cited.")
    parser.set_defaults(command=_run, lang=None)
    commands = parser.add_subparsers(metavar="COMMAND", parser_class=_Parser)

    def command(
        name: str, run: Callable[[Settings, argparse.Namespace], int], text: str
    ) -> _Parser:
        added: _Parser = commands.add_parser(name, help=text, description=text)
        added.set_defaults(command=run)
        return added

    command("run", _run, "build the index if need be, then the bot; without BOT_TOKEN a playground")
    asked = command("ask", _ask, "answer one question, or with - one a line of standard input")
    asked.add_argument("question", help="the question, or - for standard input")
    asked.add_argument(
        "--json", action="store_true", help="print JSON, as docs/reference.md documents it"
    )
    asked.add_argument("--explain", action="store_true", help="say why the answer is as it is")
    command("reindex", _reindex, "build the index anew; unchanged passages are not embedded again")
    text = "bring the database to this version (needs AUDIATUR_DATABASE_URL); safe to repeat"
    command("migrate", _migrate, text)
    command("snapshots", _snapshots, "list the snapshots of the index, and which are damaged")
    back = command("rollback", _rollback, "let an older snapshot answer, until the next reindex")
    back.add_argument("snapshot", nargs="?", help="its name; the one before, if left out")
    command("inspect", _inspect, "show documents, passages, debates, labels and manifest")
    measured = command("eval", _eval, "measure answers: the whole suite, or one file of questions")
    measured.add_argument("questions", type=Path, nargs="?", metavar="QUESTIONS.jsonl")
    measured.add_argument(
        "--misses", action="store_true", help="list the questions of the file that lost points"
    )
    measured.add_argument(
        "--folder", type=Path, default=_ROOT / "evals", help="what the suite asks (evals)"
    )
    measured.add_argument(
        "--data", type=Path, default=_ROOT.parent / "shared", help="collected data (../shared)"
    )
    measured.add_argument(
        "--part", action="append", default=[], help="only this part of the suite; writes nothing"
    )
    _add_curation(commands)
    chatting = command("chat", _chat, "ask in this terminal")
    for each in (asked, chatting):
        each.add_argument("--lang", choices=("de", "en"), help="the interface's language")
    command("bot", _bot, "run the Telegram bot (needs BOT_TOKEN)")
    command("playground", _playground, "try the bot in a browser, with no token and no network")
    return parser


def _add_curation(commands: argparse._SubParsersAction[_Parser]) -> None:
    """Add the commands for the person who keeps the corpus."""
    text = "suggest labels with a model, or check those that are there"
    label = commands.add_parser("label", help=text, description=text)
    steps = label.add_subparsers(metavar="STEP", required=True, parser_class=_Parser)
    text = "write what a model suggests to review/*.toml, for a person to decide"
    suggesting = steps.add_parser("suggest", help=text, description=text)
    suggesting.add_argument("debates", nargs="*", metavar="DEBATE", help="all, if none is named")
    suggesting.set_defaults(command=_suggest)
    text = "find contradictions, lost quotations, empty sides, passages that no debate covers"
    checking = steps.add_parser("check", help=text, description=text)
    checking.set_defaults(command=_check)
    text = "draft debates"
    debate = commands.add_parser("debate", help=text, description=text)
    steps = debate.add_subparsers(metavar="STEP", required=True, parser_class=_Parser)
    text = "draft a debate with its most relevant passages and suggestions for them"
    drafting = steps.add_parser("new", help=text, description=text)
    drafting.add_argument("motion", help="what is for or against, as a statement in quotes")
    drafting.add_argument("--id", help="the debate's name; made from the motion if left out")
    drafting.add_argument("--yes", help="the name of the side for the motion")
    drafting.add_argument("--no", help="the name of the side against it")
    drafting.set_defaults(command=_draft)


def _run(settings: Settings, options: argparse.Namespace) -> int:
    return (_bot if settings.token else _playground)(settings, options)


def _ask(settings: Settings, options: argparse.Namespace) -> int:
    from bot.explaining import describe  # noqa: PLC0415
    from bot.terminal import printable, show  # noqa: PLC0415
    from bot.translation import interface_language  # noqa: PLC0415
    from index.answering.advice import advice_as_json  # noqa: PLC0415

    many = options.question == "-"
    if not many and not options.question.strip():
        raise SettingsError("the question is empty; write it in quotes after ask")
    advisor = _ready(settings).advisor
    questions = (line.rstrip("\r\n") for line in sys.stdin) if many else [options.question]
    for question in questions:
        if not question.strip():
            if many:
                raise ValueError("an empty line on standard input; give one question a line")
            continue
        advice = advisor.advise(question, explain=options.explain)
        language = interface_language(options.lang, advice.language)
        if many or options.json:
            content = advice_as_json(advice, language)
            sys.stdout.write(json.dumps(content, ensure_ascii=False) + "\n")
        else:
            answer = show(advice, language, advisor.snapshot.agenda, colour=sys.stdout.isatty())
            sys.stdout.write(printable(answer) + "\n")
            if advice.explanation:
                why = describe(advice.explanation, advisor.snapshot)
                sys.stdout.write(f"\n{printable(why)}\n")
        sys.stdout.flush()
    return DONE


def _reindex(settings: Settings, _options: argparse.Namespace) -> int:
    report = _library(settings).rebuild(Meter())
    sys.stdout.write(
        f"{report.documents} documents, {report.passages} passages, "
        f"{report.embedded} embedded, {report.seconds:.1f} s\n"
    )
    for problem in report.problems:
        sys.stderr.write(f"audiatur: {problem.what}: {problem.reason}\n")
    return DONE


def _inspect(settings: Settings, _options: argparse.Namespace) -> int:
    from bot.inspection import describe  # noqa: PLC0415

    sys.stdout.write(describe(_shelf(settings).open_current(), settings.corpus))
    return DONE


def _migrate(settings: Settings, _options: argparse.Namespace) -> int:
    if settings.database_url is None:
        raise SettingsError("migrate needs AUDIATUR_DATABASE_URL; see docs/postgresql.md")
    from index.storage.postgres.migrating import migrate  # noqa: PLC0415
    from index.storage.postgres.schema import MIGRATIONS  # noqa: PLC0415

    memory = Path(__file__).parent / "state" / "migrations"
    applied = migrate(settings.database_url, [MIGRATIONS, *filter(Path.is_dir, [memory])])
    sys.stdout.write("".join(f"applied {name}\n" for name in applied) or "nothing to apply\n")
    return DONE


def _snapshots(settings: Settings, _options: argparse.Namespace) -> int:
    from bot.snapshots import list_snapshots  # noqa: PLC0415

    sys.stdout.write(list_snapshots(_shelf(settings)))
    return DONE


def _rollback(settings: Settings, options: argparse.Namespace) -> int:
    from bot.snapshots import roll_back  # noqa: PLC0415

    sys.stdout.write(roll_back(_shelf(settings), options.snapshot))
    return DONE


def _suggest(settings: Settings, options: argparse.Namespace) -> int:
    from bot.curation import suggest  # noqa: PLC0415

    suggest(_ready(settings), settings.corpus, options.debates)
    return DONE


def _check(settings: Settings, _options: argparse.Namespace) -> int:
    from bot.curation import check  # noqa: PLC0415

    return DONE if check(settings.corpus) else FAILED


def _draft(settings: Settings, options: argparse.Namespace) -> int:
    from bot.curation import draft  # noqa: PLC0415
    from index.debates.records import Side  # noqa: PLC0415

    given = {Side.YES: options.yes, Side.NO: options.no}
    sides = {side: name for side, name in given.items() if name}
    draft(_library(settings), settings.corpus, options.motion, options.id, sides)
    return DONE


def _eval(settings: Settings, options: argparse.Namespace) -> int:
    from bot.measuring import measure_file, measure_suite  # noqa: PLC0415
    from index.evaluation.parts import Folders  # noqa: PLC0415

    def advisor() -> Advisor:
        return _ready(settings).advisor

    if options.questions:
        measure_file(advisor, options.questions, misses=options.misses)
    elif options.misses:
        raise SettingsError("--misses needs a file of questions: audiatur eval FILE --misses")
    else:
        folders = Folders(options.folder, options.data, settings.corpus, settings.data)
        measure_suite(advisor, folders, options.part)
    return DONE


def _chat(settings: Settings, options: argparse.Namespace) -> int:
    from bot.terminal import chat  # noqa: PLC0415

    chat(_ready(settings), options.lang, sys.stdin, sys.stdout)
    return DONE


def _bot(settings: Settings, _options: argparse.Namespace) -> int:
    if not settings.token:
        raise SettingsError(
            "the bot needs BOT_TOKEN; get one from @BotFather, or run audiatur playground"
        )
    from bot.telegram.app import run_bot  # noqa: PLC0415

    logging.getLogger().setLevel(settings.log_level or "INFO")
    library = _ready(settings)
    library.warm_up()
    return run_bot(settings, library)


def _playground(settings: Settings, _options: argparse.Namespace) -> int:
    from bot.playground.opening import open_playground  # noqa: PLC0415
    from bot.telegram.app import serve_until_signalled  # noqa: PLC0415

    logging.getLogger().setLevel(settings.log_level or "INFO")
    library = _ready(settings)
    library.warm_up()
    asyncio.run(open_playground(settings, lambda chosen: serve_until_signalled(chosen, library)))
    return DONE


def _shelf(settings: Settings) -> Shelf:
    from index.storage.opening import open_shelf  # noqa: PLC0415

    return open_shelf(settings.data, settings.database_url, settings.database_read_url)


def _library(settings: Settings) -> Library:
    from bot.library import Library  # noqa: PLC0415 - loads the encoder's libraries, seconds

    return Library(settings)


def _ready(settings: Settings) -> Library:
    """Return the library with an index that is there and fresh; say so while it is built."""
    library = _library(settings)
    try:
        library.ensure(Meter())
    except BuildInProgress:
        library.advisor  # noqa: B018 - somebody else is building: the old index must answer
    return library


def _failed(error: Exception, code: int) -> int:
    message = " ".join(str(error).split()) or type(error).__name__
    sys.stderr.write(f"audiatur: {message}\n")
    return code
