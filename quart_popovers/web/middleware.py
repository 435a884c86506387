"""The ASGI middleware around Quart: one ordered list, outermost first."""

from collections.abc import Callable
from functools import partial

from hypercorn.typing import ASGIFramework

from ..settings import Settings
from .addresses import ApplyForwardedHeaders
from .headers import AddHeaders
from .logs import LogRequests
from .unread_bodies import ReceiveUnreadBodies
from .unsupported import RefuseUnsupported
from .well_formed import RefuseUnroutable

Middleware = Callable[[ASGIFramework], ASGIFramework]


def middleware(settings: Settings) -> list[Middleware]:
    """The layers of this site; a request passes them in this order, its answer in reverse."""
    proxies = settings.trusted_proxies
    return [
        ReceiveUnreadBodies,
        partial(AddHeaders, settings=settings),
        LogRequests,
        RefuseUnsupported,
        *([partial(ApplyForwardedHeaders, trusted_proxies=proxies)] if proxies else []),
        RefuseUnroutable,
    ]


def wrap(app: ASGIFramework, settings: Settings) -> ASGIFramework:
    """Put the layers around an application."""
    for layer in reversed(middleware(settings)):
        app = layer(app)
    return app
