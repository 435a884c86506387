"""The popup endpoint and the batched card loader: what this site exists for."""

import asyncio
from collections.abc import Set

from quart import Quart

from ..database import PATIENCE_S, Database
from .loader import CardLoader
from .queries import Batch, select_batch
from .views import blueprint


def serve_hover_cards(app: Quart, database: Database) -> None:
    """Give the app its popup endpoint, and the loader and template behind it."""

    async def select(usernames: Set[str], token_hashes: Set[str]) -> Batch:
        async with asyncio.timeout(PATIENCE_S), database.reader.connect() as db:
            return await select_batch(db, usernames, token_hashes)

    loader = CardLoader(select)
    app.extensions["card_loader"] = loader
    # Compiled once, and without the asynchronous rendering that costs ten times as much.
    environment = app.jinja_env.overlay(enable_async=False)
    app.extensions["card_template"] = environment.get_template("hovercards/_card.html")
    app.register_blueprint(blueprint)
    app.after_serving(loader.close)
