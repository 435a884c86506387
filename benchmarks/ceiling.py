"""The ceiling: a bare Quart route behind quart-auth's check, answering a constant.

It touches no database and no template: what the framework and the server cost by themselves.
"""

import os

from quart import Quart
from quart_auth import QuartAuth, login_required


def create_app() -> Quart:
    """A constant of `BODY_BYTES` bytes for whoever has a valid cookie."""
    app = Quart(__name__)
    app.config.update(
        SECRET_KEY=os.environ["SECRET_KEY"],
        QUART_AUTH_COOKIE_NAME="sign-in",
        QUART_AUTH_COOKIE_SECURE=False,
    )
    QuartAuth(app)
    body = "x" * int(os.environ["BODY_BYTES"])

    @app.get("/user/<username>/popup")
    @login_required
    async def show(username: str) -> str:  # noqa: ARG001 (the route has it)
        return body

    return app
