from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest

from sentiment.errors import ConfigError
from sentiment.settings import load_settings
from tests.conftest import REPOSITORY


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # away from a developer's .env


@pytest.mark.parametrize(
    "name",
    [
        "SENTIMENT_API_TOKEN",
        "SENTIMENT_API_TOKEN_ALSO",
        "SENTIMENT_ADMIN_TOKEN",
        "YOUTUBE_API_KEY",
        "SENTIMENT_MODEL_TAG",
        "SENTIMENT_YOUTUBE_ENDPOINT",
    ],
)
def test_blank_value_is_absent(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "  ")
    settings = load_settings()
    assert settings.model_dump(by_alias=True)[name] is None


@pytest.mark.parametrize(
    ("token", "also", "taken"),
    [("", "", ()), ("new", "", ("new",)), ("new", "old", ("new", "old")), ("", "old", ("old",))],
)
def test_tokens_that_are_taken(
    monkeypatch: pytest.MonkeyPatch, token: str, also: str, taken: tuple[str, ...]
) -> None:
    monkeypatch.setenv("SENTIMENT_API_TOKEN", token)
    monkeypatch.setenv("SENTIMENT_API_TOKEN_ALSO", also)
    assert load_settings().api_tokens == taken


@pytest.mark.parametrize(
    "name", ["SENTIMENT_API_TOKEN", "SENTIMENT_API_TOKEN_ALSO", "SENTIMENT_ADMIN_TOKEN"]
)
def test_a_token_is_taken_as_a_header_carries_it(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, " s3cret\r\n")
    token = load_settings().model_dump(by_alias=True)[name]
    assert token.get_secret_value() == "s3cret"
    monkeypatch.setenv(name, "s3cret\nand another")
    with pytest.raises(ConfigError, match=name) as caught:
        load_settings()
    assert "white space" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_origins_are_read_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "SENTIMENT_ALLOWED_ORIGINS", "https://example.org , chrome-extension://abcdef,http://a:8080"
    )
    assert load_settings().origins == (
        "https://example.org",
        "chrome-extension://abcdef",
        "http://a:8080",
    )


@pytest.mark.parametrize("origins", ["*", "example.org", "https://a/path", "https://a;https://b"])
def test_origins_that_are_none_are_refused(monkeypatch: pytest.MonkeyPatch, origins: str) -> None:
    monkeypatch.setenv("SENTIMENT_ALLOWED_ORIGINS", origins)
    with pytest.raises(ConfigError, match="SENTIMENT_ALLOWED_ORIGINS"):
        load_settings()


def test_error_never_shows_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENTIMENT_API_TOKEN", "s3cret")
    monkeypatch.setenv("PORT", "99999")
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert "PORT" in str(caught.value)
    assert "s3cret" not in str(caught.value)
    monkeypatch.setenv("PORT", "0")
    assert "s3cret" not in repr(load_settings())


def test_extension_is_the_only_origin_unless_told_otherwise() -> None:
    manifest = json.loads(
        (REPOSITORY / "chrome_extension" / "public" / "manifest.json").read_text()
    )
    digest = hashlib.sha256(base64.b64decode(manifest["key"])).hexdigest()[:32]
    wanted = digest.translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop"))
    assert load_settings().origins == (f"chrome-extension://{wanted}",)


@pytest.mark.parametrize("rate", ["600/minute", "1 / second", "5/hour", ""])
def test_rate_limit_is_taken(monkeypatch: pytest.MonkeyPatch, rate: str) -> None:
    monkeypatch.setenv("SENTIMENT_RATE_LIMIT", rate)
    assert load_settings().rate_limit == rate


@pytest.mark.parametrize("rate", ["600", "0/minute", "-1/minute", "5/fortnight", "1/second;2/hour"])
def test_rate_limit_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, rate: str) -> None:
    monkeypatch.setenv("SENTIMENT_RATE_LIMIT", rate)
    with pytest.raises(ConfigError, match="SENTIMENT_RATE_LIMIT"):
        load_settings()


def test_proxies_are_read_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENTIMENT_TRUSTED_PROXIES", "10.0.0.0/8, ::1")
    assert load_settings().proxies == ("10.0.0.0/8", "::1")


@pytest.mark.parametrize("proxies", ["*", "proxy.example", "10.0.0.1/8", "10.0.0.300"])
def test_proxies_that_are_none_are_refused(monkeypatch: pytest.MonkeyPatch, proxies: str) -> None:
    monkeypatch.setenv("SENTIMENT_TRUSTED_PROXIES", proxies)
    with pytest.raises(ConfigError, match="SENTIMENT_TRUSTED_PROXIES"):
        load_settings()
