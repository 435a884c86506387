"""People who post one comment after another, and remember which ones were answered."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import select

from quart_popovers.database import open_database
from quart_popovers.models import Post
from tests.serving.browser import Browser, Unanswered


@dataclass
class Record:
    """What the posters have seen."""

    answered: list[str] = field(default_factory=list)
    unanswered: int = 0
    longest_s: float = 0
    wrong: list[str] = field(default_factory=list)


@dataclass
class Poster:
    """One person's browser. A form that was not answered is sent once more, token and all."""

    browser: Browser
    name: str
    record: Record
    token: str = ""
    count: int = 0
    unsent: str = ""
    posts_since: int = 0

    async def post(self) -> None:
        """Post one comment. Raises Unanswered when nobody answers; then `retry` sends it again."""
        self.count += 1
        self.unsent = f"{self.name} {self.count}"
        await self.retry()

    async def retry(self) -> None:
        started_at = time.perf_counter()
        try:
            page = await self.browser.post("/", csrf_token=self.token, body=self.unsent)
        except Unanswered:
            self.record.unanswered += 1
            raise
        self.record.longest_s = max(self.record.longest_s, time.perf_counter() - started_at)
        if page.status == 303:
            self.record.answered.append(self.unsent)
        else:
            self.record.wrong.append(f"{page.status} {self.unsent}")
        self.unsent = ""

    async def open_the_form(self) -> None:
        self.token = (await self.browser.get("/")).csrf_token


async def sign_in_posters(browser: Browser, names: tuple[str, ...], number: int) -> list[Poster]:
    """This many posters, who are these people in turn; each person signs in once."""
    signed_in = [browser.another() for _ in names]
    for person, name in zip(signed_in, names, strict=True):
        await person.sign_in(name)
    record = Record()
    posters = [
        Poster(signed_in[n % len(names)].another(), f"poster {n}", record) for n in range(number)
    ]
    await asyncio.gather(*(poster.open_the_form() for poster in posters))
    return posters


async def count_comments(url: str) -> Counter[str]:
    """How often each comment is in the database."""
    database = open_database(url)
    async with database.reader.connect() as db:
        comments = Counter((await db.scalars(select(Post.body))).all())
    await database.dispose()
    return comments
