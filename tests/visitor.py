"""A person at a browser, for tests: what one sees and does there, over Quart's test client."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from quart import Quart

PASSWORD = "correct horse"

MakeUser = Callable[..., Awaitable[int]]
MakePost = Callable[..., Awaitable[int]]
SignIn = Callable[..., Awaitable["Visitor"]]


@dataclass(frozen=True)
class Page:
    """What a browser shows of an answer."""

    status: int
    text: str
    location: str | None
    headers: dict[str, str]

    @property
    def csrf_token(self) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.text)
        assert found, "this page has no form"
        return found[1]

    @property
    def flashes(self) -> list[str]:
        return re.findall(r'<p class="flash"[^>]*>(.*?)</p>', self.text)

    def errors_beside(self, field: str) -> str:
        found = re.search(rf'id="{field}-error">(.*?)</p>', self.text)
        return found[1] if found else ""

    @property
    def form_errors(self) -> list[str]:
        return re.findall(r'<p class="form-error"[^>]*>(.*?)</p>', self.text)

    @property
    def post_ids(self) -> list[int]:
        return [int(found) for found in re.findall(r'data-post-id="(\d+)"', self.text)]

    def link(self, rel: str) -> str | None:
        found = re.search(rf'<a rel="{rel}" href="([^"]+)"', self.text)
        return found[1].replace("&amp;", "&") if found else None


class Visitor:
    """A person's browser: gets pages, and fills in the forms that are on them."""

    def __init__(self, app: Quart) -> None:
        self.client = app.test_client()

    async def get(self, path: str, headers: dict[str, str] | None = None) -> Page:
        return await self._page("GET", path, headers=headers)

    async def post(self, path: str, /, **fields: str) -> Page:
        """Send exactly these fields."""
        return await self._page("POST", path, form=fields)

    async def submit(self, path: str, /, **fields: str) -> Page:
        """Open the page with the form, fill it in and send it."""
        page = await self.get(path)
        return await self.post(path, csrf_token=page.csrf_token, **fields)

    async def sign_in(self, username: str, password: str = PASSWORD, **fields: str) -> Page:
        return await self.submit("/login", username=username, password=password, **fields)

    async def _page(self, method: str, path: str, **request: object) -> Page:
        request = {name: value for name, value in request.items() if value is not None}
        response = await self.client.open(path, method=method, **request)  # type: ignore[arg-type]
        body = await response.get_data(as_text=True)
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Page(response.status_code, body, headers.get("location"), headers)
