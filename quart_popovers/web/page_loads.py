"""The limit on page loads, which only programs reach."""

from quart import request
from quart_auth import current_user

from ..services import services
from .addresses import client_network
from .rate_limits import refuse_for

# Small answers, of which one page brings many or which watch the site; and hovers, which have a
# limit of their own. Blueprints, and endpoints without one.
UNLIMITED = {
    "avatars",
    "favicon",
    "health",
    "hovercards",
    "robots",
    "static",
    "static_of_another_version",
}


async def limit_page_loads() -> None:
    """Before every request: count it for the sign-in, or for a guest's address."""
    rate_limits = services().rate_limits
    if rate_limits and (request.blueprint or request.endpoint) not in UNLIMITED:
        refuse_for(rate_limits.pages.take(current_user.auth_id or client_network()))
