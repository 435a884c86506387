"""Quart Popovers: a small social site whose usernames show hover cards."""

import asyncio
import gc
from collections.abc import AsyncGenerator
from contextlib import nullcontext
from datetime import timedelta
from functools import cache, partial

from quart import Quart
from quart_schema import QuartSchema

from . import health
from .accounts import views as accounts
from .accounts.last_seen import LastSeen
from .accounts.queries.sign_ins import SIGN_IN_LIFETIME
from .accounts.sign_ins import CachedQuartAuth, current_viewer_or_guest
from .accounts.usernames import UsernameConverter
from .avatars import views as avatars
from .avatars.addresses import add_avatar_filters
from .avatars.gravatars import open_gravatars
from .database import open_database
from .database.erasure import EMPTY_LOG_INTERVAL_S, empty_log
from .feed import views as feed
from .feed.articles import add_article_filter
from .hovercards import add_hover_cards
from .hovercards.fragments import card_renderer
from .hovercards.loader import CardLoader
from .hovercards.queries import CardQuery
from .profiles import views as profiles
from .services import Services, services
from .settings import Settings, read_settings
from .shell import add_shell
from .web.background import repeating
from .web.closing import announce_closing
from .web.csrf import refuse_forged_requests
from .web.errors import register_error_handlers
from .web.hypercorn_internals import patch_hypercorn
from .web.logs import configure_logging
from .web.middleware import wrap
from .web.page_loads import limit_page_loads
from .web.pages import Pages
from .web.rate_limits import open_rate_limits
from .web.redirects import remove_trailing_slash
from .web.sessions import PageSessionInterface
from .web.stalled_clients import LOOK_EVERY_S, StalledClients
from .web.static_files import serve_static_files
from .web.well_formed import WellFormedRequest, refuse_malformed_requests

LARGEST_BODY_BYTES = 64 * 1024
# 8 KB a second for the largest. Below `graceful_timeout` (hypercorn.toml), so that at a stop slow
# senders are told 408 instead of being cut off, for which Hypercorn logs a traceback.
SLOWEST_BODY_S = 8


def create_app(settings: Settings | None = None) -> Quart:
    """Build the site: everything is wired here, and nowhere else."""
    settings = settings or read_settings(Settings)
    configure_logging(settings)
    app = Quart(__name__, static_folder=None)
    app.request_class = WellFormedRequest
    configure(app, settings)
    app.asgi_app = wrap(app.asgi_app, settings)  # type: ignore[method-assign, assignment]

    serve_static_files(app)
    QuartSchema(
        app, openapi_path=None, redoc_ui_path=None, scalar_ui_path=None, swagger_ui_path=None
    )
    app.session_interface = PageSessionInterface()
    CachedQuartAuth(app)
    app.before_request(refuse_malformed_requests)
    app.before_request(remove_trailing_slash)
    app.before_request(limit_page_loads)
    app.before_request(refuse_forged_requests)
    register_error_handlers(app)

    for feature in (accounts, feed, profiles, avatars, health):
        app.register_blueprint(feature.blueprint)
    add_hover_cards(app)
    app.extensions["services"] = open_services(app, settings)
    app.while_serving(partial(run, services(app)))
    add_shell(app)
    return app


def configure(app: Quart, settings: Settings) -> None:
    """Translate our settings into those of Quart and quart-auth."""
    prefix = "__Host-" if settings.secure_cookies else ""
    app.url_map.converters["username"] = UsernameConverter
    app.url_map.merge_slashes = False  # a hover is never redirected: `/user//popup` is a 404
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        MAX_CONTENT_LENGTH=LARGEST_BODY_BYTES,
        BODY_TIMEOUT=SLOWEST_BODY_S,
        RESPONSE_TIMEOUT=None,  # stalled clients are aborted, and streams last
        SESSION_COOKIE_NAME=f"{prefix}session",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=1),
        QUART_AUTH_COOKIE_NAME=f"{prefix}sign-in",
        QUART_AUTH_COOKIE_SECURE=settings.secure_cookies,
        QUART_AUTH_DURATION=int(SIGN_IN_LIFETIME.total_seconds()),
        DEVICE_COOKIE_NAME=f"{prefix}device",
        POSTS_PER_PAGE=settings.posts_per_page,
        AVATARS=settings.avatars,
    )


def open_services(app: Quart, settings: Settings) -> Services:
    database = open_database(settings.database_url, settings.database_pool_size)
    pages = open_pages(app)
    return Services(
        database=database,
        rate_limits=open_rate_limits(settings),
        last_seen=LastSeen(app),
        card_loader=CardLoader(CardQuery(database.reader).select),
        pages=pages,
        render_card=card_renderer(pages.environment),
        gravatars=open_gravatars(app, settings),
        closing=asyncio.Event(),
    )


def open_pages(app: Quart) -> Pages:
    pages = Pages(app, current_viewer_or_guest)
    add_avatar_filters(pages.environment)
    add_article_filter(pages.environment)
    return pages


async def run(services: Services) -> AsyncGenerator[None, None]:
    """Start the background work of the services; at the end, stop it in the reverse order."""
    patch_hypercorn()
    freeze_startup_objects()
    fetching = services.gravatars.fetching() if services.gravatars else nullcontext()
    reporting = services.rate_limits.reporting() if services.rate_limits else nullcontext()
    async with (
        services.last_seen.flushing(),
        fetching,
        reporting,
        repeating(partial(empty_log, services.database), EMPTY_LOG_INTERVAL_S),
        repeating(StalledClients().abort, LOOK_EVERY_S),
        announce_closing(services.closing),
    ):
        yield
    await services.last_seen.flush()
    await services.card_loader.close()
    if services.rate_limits:
        await services.rate_limits.close()
    await services.database.dispose()


@cache
def freeze_startup_objects() -> None:
    """Move start-up objects to the permanent generation, so that full collections skip them.

    Scanning them took 50 ms, in which no hover was answered: p99 at 32 connections 48 ms with
    them, 13 ms without (docs/performance.md).

    Once a process: a second application, as in tests, would freeze what is left of the first.
    """
    gc.collect()
    gc.freeze()
