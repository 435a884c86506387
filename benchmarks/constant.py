"""Our own application with one more route, which answers a constant.

The route passes the same middleware and hooks as a page. What a page costs beyond it is its
reading and rendering.
"""

import os

from quart import Quart

from quart_popovers import create_app as create_site


def create_app() -> Quart:
    """The site, and `/constant` with a body of `BODY_BYTES` bytes."""
    app = create_site()
    body = "x" * int(os.environ["BODY_BYTES"])

    @app.get("/constant")
    async def constant() -> str:
        return body

    return app
