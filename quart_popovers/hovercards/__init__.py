"""The popup endpoint and the batched card loader: what this site exists for."""

from quart import Quart

from ..database import Database
from .connection import HoverConnection
from .fragments import card_renderer
from .loader import CardLoader
from .queries import BatchQuery
from .views import show


def serve_hover_cards(app: Quart, database: Database) -> None:
    """Give the app its popup endpoint, with the loader and the renderer behind it."""
    loader = app.extensions["card_loader"] = CardLoader(BatchQuery(database.reader).select)
    app.extensions["render_card"] = card_renderer(app)
    app.asgi_http_class = HoverConnection
    app.get("/user/<username:username>/popup", endpoint="hovercards.show")(show)
    app.after_serving(loader.close)
