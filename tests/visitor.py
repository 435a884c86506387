"""A person at a browser, for tests: what one sees and does there, over Quart's test client."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

from quart import Quart
from sqlalchemy import Select

PASSWORD = "correct horse"

MakeUser = Callable[..., Awaitable[int]]
MakePost = Callable[..., Awaitable[int]]
SignIn = Callable[..., Awaitable["Visitor"]]
Fetch = Callable[[Select[*tuple[Any, ...]]], Awaitable[list[Any]]]


@dataclass(frozen=True)
class Page:
    """What a browser shows of an answer."""

    status: int
    text: str
    location: str | None
    headers: dict[str, str]
    set_cookies: tuple[str, ...] = ()

    @property
    def csrf_token(self) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.text)
        assert found, "this page has no form"
        return found[1]

    @property
    def flashes(self) -> list[str]:
        return [unescape(it) for it in re.findall(r'<p class="flash"[^>]*>(.*?)</p>', self.text)]

    @property
    def navigation(self) -> list[str]:
        """The words of the site's navigation."""
        nav = re.search(r'<nav class="site-nav".*?</nav>', self.text, re.DOTALL)
        return re.findall(r">([^<>]+)</(?:a|button)>", nav[0]) if nav else []

    def cookie(self, name: str) -> str:
        """The `Set-Cookie` of this name, with its attributes; empty if there is none."""
        return next((line for line in self.set_cookies if line.startswith(f"{name}=")), "")

    def value_of(self, field: str) -> str:
        """What stands in a field of the form."""
        found = re.search(
            rf'<(?:input[^>]* id="{field}"[^>]* value="([^"]*)"|textarea[^>]* id="{field}"[^>]*>'
            r"\r?\n?([^<]*)</textarea)",
            self.text,
        )
        return unescape(found[1] or found[2] or "") if found else ""

    def errors_beside(self, field: str) -> str:
        found = re.search(rf'id="{field}-error">(.*?)</p>', self.text)
        return unescape(found[1]) if found else ""

    @property
    def form_errors(self) -> list[str]:
        found = re.findall(r'<p class="form-error"[^>]*>(.*?)</p>', self.text)
        return [unescape(it) for it in found]

    @property
    def post_ids(self) -> list[int]:
        return [int(found) for found in re.findall(r'data-post-id="(\d+)"', self.text)]

    @property
    def comments(self) -> list[str]:
        """The text of each comment, as a person reads it."""
        bodies = re.findall(r'<p class="post-body" dir="auto">(.*?)</p>', self.text, re.DOTALL)
        return [unescape(re.sub("<[^>]+>", "", body)) for body in bodies]

    @property
    def facts(self) -> dict[str, str]:
        """The list of facts about a person, as a person reads it."""
        rows = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", self.text, re.DOTALL)
        return {name: re.sub("<[^>]+>", "", value) for name, value in rows}

    def link(self, rel: str) -> str | None:
        found = re.search(rf'<a rel="{rel}" href="([^"]+)"', self.text)
        return unescape(found[1]) if found else None


class Visitor:
    """A person's browser: gets pages, and fills in the forms that are on them."""

    def __init__(self, app: Quart, scheme: str = "http") -> None:
        self.app = app
        self.client = app.test_client()
        self.scheme = scheme

    def steal_cookies_of(self, victim: "Visitor") -> None:
        """Have a copy of all that another browser would send."""
        for cookie in victim.client.cookie_jar or ():
            assert self.client.cookie_jar is not None
            self.client.cookie_jar.set_cookie(cookie)

    async def get(self, path: str, headers: dict[str, str] | None = None) -> Page:
        return await self._page("GET", path, headers=headers)

    async def follow(self, page: Page) -> Page:
        """Go where the answer redirects to."""
        assert page.location, "this answer redirects nowhere"
        return await self.get(page.location)

    async def post(self, path: str, /, **fields: str) -> Page:
        """Send exactly these fields."""
        return await self._page("POST", path, form=fields)

    async def post_by_script(self, path: str, csrf_token: str, /, **fields: str) -> Page:
        """Send exactly these fields, and the token as a header."""
        return await self._page("POST", path, form=fields, headers={"X-CSRF-Token": csrf_token})

    async def submit(self, path: str, /, **fields: str) -> Page:
        """Open the page with the form, fill it in and send it."""
        page = await self.get(path)
        return await self.post(path, csrf_token=page.csrf_token, **fields)

    async def sign_in(self, username: str, password: str = PASSWORD, **fields: str) -> Page:
        return await self.submit("/login", username=username, password=password, **fields)

    async def post_comment(self, body: str) -> Page:
        return await self.submit("/", body=body)

    async def register(self, username: str, /, **fields: str) -> Page:
        """Register with answers that are all good, but for those given."""
        good = {
            "username": username,
            "email": f"{username}@example.com",
            "password": PASSWORD,
            "confirm_password": PASSWORD,
        }
        return await self.submit("/register", **(good | fields))

    async def sign_out(self) -> Page:
        page = await self.get("/edit-profile")  # any page has the button
        return await self.post("/logout", csrf_token=page.csrf_token)

    async def _page(self, method: str, path: str, **request: object) -> Page:
        request = {name: value for name, value in request.items() if value is not None}
        response = await self.client.open(
            path,
            method=method,
            scheme=self.scheme,
            **request,  # type: ignore[arg-type]
        )
        body = await response.get_data(as_text=True)
        headers = {name.lower(): value for name, value in response.headers.items()}
        cookies = tuple(response.headers.getlist("Set-Cookie"))
        return Page(response.status_code, body, headers.get("location"), headers, cookies)
