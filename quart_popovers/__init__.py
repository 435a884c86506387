"""Quart Popovers: a small social site whose usernames show hover cards."""

import gc
from datetime import timedelta

from quart import Quart, g
from quart_schema import QuartSchema

from . import health
from .accounts import views as accounts
from .accounts.last_seen import LastSeen
from .accounts.queries import SIGN_IN_LIFETIME
from .accounts.sign_ins import SignIns, current_browser
from .accounts.usernames import UsernameConverter
from .avatars import views as avatars
from .database import open_database
from .feed import views as feed
from .hovercards import serve_hover_cards
from .my_account import views as my_account
from .profiles import views as profiles
from .settings import Settings, read_settings
from .shell import add_shell
from .web.addresses import believe_trusted_proxies
from .web.closing import announce_closing
from .web.csrf import csrf_token, refuse_forged_requests
from .web.errors import register_error_handlers
from .web.headers import set_headers_on_every_answer
from .web.logs import log_requests
from .web.rate_limits import limit_rates
from .web.sessions import SessionOpenedOnTouch
from .web.static_files import STATIC_URL_PATH, serve_static_files
from .web.text import add_text_filters
from .web.well_formed import (
    WellFormedRequest,
    refuse_malformed_requests,
    refuse_unroutable_requests,
)

LARGEST_BODY_BYTES = 64 * 1024
# 8 KB a second for the largest. Below `graceful_timeout` (hypercorn.toml), so that at a stop slow
# senders are told 408 instead of being cut off, for which Hypercorn logs a traceback.
SLOWEST_BODY_S = 8


def create_app(settings: Settings | None = None) -> Quart:
    """Build the site: everything is wired here, and nowhere else."""
    settings = settings or read_settings(Settings)
    database = open_database(settings.database_url)
    app = Quart(__name__, static_url_path=STATIC_URL_PATH)
    app.request_class = WellFormedRequest
    configure(app, settings)

    refuse_unroutable_requests(app)
    believe_trusted_proxies(app, settings)
    log_requests(app, settings)
    set_headers_on_every_answer(app, settings)
    serve_static_files(app)
    add_text_filters(app)
    QuartSchema(
        app, openapi_path=None, redoc_ui_path=None, scalar_ui_path=None, swagger_ui_path=None
    )
    app.session_interface = SessionOpenedOnTouch()
    SignIns(app)
    app.before_request(refuse_malformed_requests)
    app.before_request(refuse_forged_requests)
    app.jinja_env.globals["csrf_token"] = csrf_token
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    limit_rates(app, settings)
    register_error_handlers(app)

    announce_closing(app)
    app.before_serving(spare_the_garbage_collector)
    app.extensions["database"] = database
    note_who_is_here(app)
    for feature in (accounts, my_account, feed, profiles, avatars, health):
        app.register_blueprint(feature.blueprint)
    serve_hover_cards(app, database)
    app.after_serving(database.dispose)  # last: the others may still have something to write
    add_shell(app)
    return app


def configure(app: Quart, settings: Settings) -> None:
    """Translate our settings into those of Quart and quart-auth."""
    prefix = "__Host-" if settings.secure_cookies else ""
    app.url_map.converters["username"] = UsernameConverter
    app.url_map.merge_slashes = False  # `/user//popup` is nobody's, and a hover is never redirected
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        MAX_CONTENT_LENGTH=LARGEST_BODY_BYTES,
        BODY_TIMEOUT=SLOWEST_BODY_S,
        SESSION_COOKIE_NAME=f"{prefix}session",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=1),
        QUART_AUTH_COOKIE_NAME=f"{prefix}sign-in",
        QUART_AUTH_COOKIE_SECURE=settings.secure_cookies,
        QUART_AUTH_DURATION=int(SIGN_IN_LIFETIME.total_seconds()),
        POSTS_PER_PAGE=settings.posts_per_page,
        AVATARS=settings.avatars,
    )


async def spare_the_garbage_collector() -> None:
    """Put what lives as long as the process out of the collector's sight.

    It went through all of it again and again, for 50 ms in which no hover is answered: p99 at 32
    connections 48 ms with it, 13 ms without (docs/performance.md).
    """
    gc.collect()
    gc.freeze()


def note_who_is_here(app: Quart) -> None:
    last_seen = app.extensions["last_seen"] = LastSeen(app)
    app.before_serving(last_seen.start)
    app.after_serving(last_seen.stop)

    @app.context_processor
    async def give_templates_the_viewer() -> dict[str, object]:
        if g.get("database_is_away"):
            return {"viewer": None}
        return {"viewer": await current_browser().viewer()}
