"""The environment becomes settings once; what cannot be used is named, a token never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, settings_from

TOKEN = "123456:AAE-fghij_klm"


def test_an_empty_environment_gives_the_defaults() -> None:
    """And so does one whose values are blank."""
    assert settings_from({}) == Settings()
    assert settings_from({"BOT_TOKEN": " ", "ADMIN_IDS": "", "AUDIATUR_DATA": "\t"}) == Settings()


def test_every_variable_is_read() -> None:
    """With spaces around it taken off."""
    settings = settings_from(
        {
            "BOT_TOKEN": f" {TOKEN}\n",
            "ADMIN_IDS": "1, 22,,333 ",
            "TELEGRAM_API_URL": "http://localhost:8081/",
            "AUDIATUR_MODEL": "some/model",
            "AUDIATUR_STANCE_MODEL": " some/stance-model ",
            "AUDIATUR_CORPUS": "/srv/texts",
            "AUDIATUR_DATA": "~/index",
            "AUDIATUR_QUESTIONS_PER_MINUTE": "7",
            "AUDIATUR_ANSWER_TIMEOUT_S": "2.5",
            "AUDIATUR_LOG_LEVEL": "debug",
            "AUDIATUR_LOG_FORMAT": "JSON",
            "AUDIATUR_PLAYGROUND_PORT": "9000",
            "AUDIATUR_WEBHOOK_URL": "https://bot.example.org/in/",
            "AUDIATUR_WEBHOOK_HOST": "10.0.0.7",
            "AUDIATUR_WEBHOOK_PORT": "9001",
            "AUDIATUR_REDIS_URL": "redis://:secret@localhost/1",
            "AUDIATUR_OPS_HOST": "::1",
            "AUDIATUR_OPS_PORT": "9002",
            "AUDIATUR_QUESTIONS_PER_SECOND": "5",
            "AUDIATUR_QUEUE_LIMIT": "12",
            "AUDIATUR_FOLLOW_UP_S": "60",
            "AUDIATUR_KEEP_DAYS": "7",
            "AUDIATUR_UPLOAD_LIMIT_MB": "3",
        }
    )
    assert settings == Settings(
        token=TOKEN,
        admins=frozenset({1, 22, 333}),
        api_url="http://localhost:8081",
        model="some/model",
        stance_model="some/stance-model",
        corpus=Path("/srv/texts"),
        data=Path.home() / "index",
        questions_per_minute=7,
        answer_timeout_s=2.5,
        log_level="DEBUG",
        log_format="json",
        playground_port=9000,
        webhook_url="https://bot.example.org/in",
        webhook_host="10.0.0.7",
        webhook_port=9001,
        redis_url="redis://:secret@localhost/1",
        ops_host="::1",
        ops_port=9002,
        questions_per_second=5,
        queue_limit=12,
        follow_up_s=60.0,
        keep_days=7,
        upload_limit_mb=3,
    )
    assert "secret" not in repr(settings)


def test_the_bundled_stance_model_is_the_default() -> None:
    """By the name under which it is loaded, so that nobody needs a network."""
    assert settings_from({"AUDIATUR_STANCE_MODEL": " "}).stance_model == "bundled"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_TOKEN", "secret-without-number"),
        ("AUDIATUR_LOG_FORMAT", "xml"),
        ("AUDIATUR_PLAYGROUND_PORT", "0"),
        ("AUDIATUR_OPS_PORT", "65536"),
        ("AUDIATUR_WEBHOOK_PORT", "http"),
        ("AUDIATUR_WEBHOOK_URL", "bot.example.org"),
        ("AUDIATUR_WEBHOOK_URL", "https://bot.example.org/?a=1"),
        ("AUDIATUR_REDIS_URL", "http://localhost"),
        ("AUDIATUR_UPLOAD_LIMIT_MB", "21"),
        ("BOT_TOKEN", "123:secret with spaces"),
        ("BOT_TOKEN", "bot123:secretsecret"),
        ("ADMIN_IDS", "12,ada"),
        ("ADMIN_IDS", "-1001"),
        ("ADMIN_IDS", "1;2"),
        ("ADMIN_IDS", "１２"),
        ("TELEGRAM_API_URL", "localhost:8081"),
        ("TELEGRAM_API_URL", "ftp://localhost"),
        ("TELEGRAM_API_URL", "https://"),
        ("AUDIATUR_QUESTIONS_PER_MINUTE", "many"),
        ("AUDIATUR_QUESTIONS_PER_MINUTE", "0"),
        ("AUDIATUR_QUESTIONS_PER_MINUTE", "0.5"),
        ("AUDIATUR_QUESTIONS_PER_MINUTE", "-3"),
        ("AUDIATUR_ANSWER_TIMEOUT_S", "nan"),
        ("AUDIATUR_ANSWER_TIMEOUT_S", "inf"),
        ("AUDIATUR_ANSWER_TIMEOUT_S", "0"),
        ("AUDIATUR_LOG_LEVEL", "loud"),
        ("TELEGRAM_API_URL", "http://["),
    ],
)
def test_a_bad_value_is_refused_by_name(name: str, value: str) -> None:
    """The message is one line, names the variable, and holds no token."""
    with pytest.raises(SettingsError) as refused:
        settings_from({name: value})
    assert name in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "secret" not in str(refused.value)


def test_the_token_is_not_shown() -> None:
    """Whoever prints the settings prints no secret."""
    settings = settings_from({"BOT_TOKEN": TOKEN})
    assert TOKEN not in repr(settings)
    assert TOKEN not in str(settings)


def test_a_database_must_be_postgresql_and_replicas_need_it() -> None:
    url, read = "postgresql://a@db1,db2/audiatur", "postgres://a@db3/audiatur"
    given = {"AUDIATUR_DATABASE_URL": url, "AUDIATUR_DATABASE_READ_URL": read}
    settings = settings_from(given)
    assert (settings.database_url, settings.database_read_url) == (url, read)
    assert settings_from({}).database_url is None
    with pytest.raises(SettingsError, match="must begin with postgresql://"):
        settings_from({"AUDIATUR_DATABASE_URL": "mysql://secret@db"})
    with pytest.raises(SettingsError, match="READ_URL needs AUDIATUR_DATABASE_URL"):
        settings_from({"AUDIATUR_DATABASE_READ_URL": read})
    assert "db1" not in repr(settings)
