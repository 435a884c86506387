"""Stock Quart: a bare route behind quart-auth's `login_required` that answers a constant.

It asks no database and renders no template: what the framework and the server cost by themselves.
"""

import os

from quart import Quart
from quart_auth import QuartAuth, login_required


def create_app() -> Quart:
    """A constant of `BODY_BYTES` bytes for every request with a valid cookie."""
    app = Quart(__name__)
    app.config.update(
        SECRET_KEY=os.environ["SECRET_KEY"], QUART_AUTH_COOKIE_NAME=os.environ["COOKIE_NAME"]
    )
    QuartAuth(app)
    body = "x" * int(os.environ["BODY_BYTES"])

    @app.get("/user/<username>/popup")
    @login_required
    async def show(username: str) -> str:  # noqa: ARG001 (the route has it)
        return body

    return app
