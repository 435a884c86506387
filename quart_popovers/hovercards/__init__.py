"""The popup endpoint and the batched card loader: what this site exists for."""

from quart import Quart

from ..database import Database
from .connection import HoverConnection
from .loader import CardLoader
from .queries import BatchQuery
from .views import blueprint


def serve_hover_cards(app: Quart, database: Database) -> None:
    """Give the app its popup endpoint, and the loader and template behind it."""
    loader = app.extensions["card_loader"] = CardLoader(BatchQuery(database.reader).select)
    # Compiled once, and without the asynchronous rendering that costs ten times as much.
    environment = app.jinja_env.overlay(enable_async=False)
    app.extensions["card_template"] = environment.get_template("hovercards/_card.html")
    app.asgi_http_class = HoverConnection
    app.register_blueprint(blueprint)
    app.after_serving(loader.close)
