"""The site with less patience, so that a test need not wait for the real one."""

from quart import Quart

from quart_popovers import create_app

BODY_TIMEOUT_S = 0.3
KEEP_ALIVE_S = 1  # Hypercorn takes whole seconds


def create_impatient_site() -> Quart:
    app = create_app()
    app.config["BODY_TIMEOUT"] = BODY_TIMEOUT_S
    return app
