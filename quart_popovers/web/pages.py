"""Pages: templates in one environment that renders them without a coroutine or a thread.

Quart renders asynchronously, and runs context processors of Flask's and quart-auth's in threads:
140 µs for a template that takes 14 here (docs/performance.md).
"""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader
from quart import Quart, g, get_flashed_messages, request

from ..services import services
from .csrf import csrf_token
from .text import add_text_filters

# Addresses of people and pages of the feed, 100 bytes each.
MOST_ADDRESSES = 8192


class Pages:
    """Renders the templates of one application."""

    def __init__(self, app: Quart, select_viewer: Callable[[], Awaitable[object]]) -> None:
        self._select_viewer = select_viewer
        self.environment = Environment(
            loader=FileSystemLoader(f"{app.root_path}/{app.template_folder}"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=app.debug,
        )
        add_text_filters(self.environment)
        self.environment.globals.update(
            url_for=_address_builder(app),
            csrf_token=csrf_token,
            get_flashed_messages=get_flashed_messages,
        )

    async def render(self, template: str, **context: object) -> str:
        """The page as HTML. Its header shows the viewer, unless the database is away."""
        viewer = None if g.get("database_is_away") else await self._select_viewer()
        page = self.environment.get_template(template)
        return page.render(context, viewer=viewer, endpoint=request.endpoint)


def _address_builder(app: Quart) -> Callable[..., str]:
    """`url_for` for templates: paths of this site, built once."""
    adapter = app.url_map.bind("")

    @lru_cache(MOST_ADDRESSES)
    def build(endpoint: str, **values: Any) -> str:
        address: str = adapter.build(endpoint, values)
        return address

    return build


async def render_page(template: str, **context: object) -> str:
    """Render a page of the application that handles the request."""
    return await services().pages.render(template, **context)
