"""The site with a route that only tests have: what it sees of a request."""

from quart import Quart, request

from quart_popovers import create_app
from quart_popovers.web.addresses import client_network


def create_address_site() -> Quart:
    app = create_app()

    @app.get("/test-only/seen")
    async def seen() -> dict[str, str]:
        return {
            "address": client_network(),
            "scheme": request.scheme,
            "host": request.host,
            "upgrade": request.headers.get("Upgrade", ""),
        }

    return app
