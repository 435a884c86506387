"""What an application keeps for as long as it runs: one typed object, made by `create_app`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quart import Quart, current_app

if TYPE_CHECKING:  # for the type checker only, so that foundations may use this module
    from .accounts.last_seen import LastSeen
    from .avatars.gravatars import Gravatars
    from .database import Database
    from .hovercards.fragments import Fragment
    from .hovercards.loader import CardLoader
    from .people import Profile
    from .web.pages import Pages
    from .web.rate_limits import RateLimits


@dataclass
class Services:
    """The objects behind the views of one application."""

    database: Database
    rate_limits: RateLimits | None  # None when they are switched off
    last_seen: LastSeen
    card_loader: CardLoader
    pages: Pages
    render_card: Callable[[Profile], Fragment]
    gravatars: Gravatars | None  # None when no third party is asked
    closing: asyncio.Event  # set as soon as this process is about to stop


def services(app: Quart = current_app) -> Services:
    """The services of this application, by default the one that handles the request."""
    found: Services = app.extensions["services"]
    return found
