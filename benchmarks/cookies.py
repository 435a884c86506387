"""Cookies of signed-in viewers, signed with the key of the benchmark's servers."""

from collections.abc import Iterable
from pathlib import Path

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from quart_auth import QuartAuth

from quart_popovers import create_app
from quart_popovers.settings import Settings

from .databases import token

SECRET_KEY = "a key that only benchmarks would ever use"


class Cookies:
    """Cookie headers for our site, which stock Quart accepts too."""

    def __init__(self, database_url: str) -> None:
        settings = Settings(_env_file=None, secret_key=SECRET_KEY, database_url=database_url)
        self._app = create_app(settings)
        self._sign_ins: QuartAuth = self._app.extensions["QUART_AUTH"][0]

    @property
    def name(self) -> str:
        return str(self._sign_ins.cookie_name)

    def of(self, viewer: int) -> str:
        return f"{self.name}={self._sign_ins.dump_token(token(viewer), self._app)}"


def peer_cookie(viewer: int) -> str:
    """The Cookie header of this viewer for the Flask peer."""
    app = Flask(__name__)
    app.config["SECRET_KEY"] = SECRET_KEY
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer, "the key is there"
    return f"session={signer.dumps({'_user_id': str(viewer), '_fresh': True})}"


def write(path: Path, cookies: Iterable[str]) -> Path:
    """Write a file for `hovers.lua`, one cookie per line."""
    path.write_text("".join(f"{cookie}\n" for cookie in cookies))
    return path
