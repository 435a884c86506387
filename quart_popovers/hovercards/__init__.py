"""The popup endpoint and the batched card loader: what this site exists for."""

from quart import Quart

from .connection import HoverConnection
from .views import show


def add_hover_cards(app: Quart) -> None:
    """Give the app its popup endpoint, answered by connections of their own."""
    app.asgi_http_class = HoverConnection
    app.get("/user/<username:username>/popup", endpoint="hovercards.show")(show)
