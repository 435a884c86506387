"""The site, which looks for stalled clients more often than in production."""

from unittest.mock import patch

from quart import Quart

from quart_popovers import create_app

LOOK_EVERY_S = 0.1


def create_stalling_site() -> Quart:
    patch("quart_popovers.LOOK_EVERY_S", LOOK_EVERY_S).start()
    return create_app()
