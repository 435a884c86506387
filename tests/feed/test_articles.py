"""A comment is rendered once, and again as soon as anything that it shows has changed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from quart import Quart

from quart_popovers.feed.queries import FeedPost
from quart_popovers.models import utc_now
from quart_popovers.people import Person
from quart_popovers.services import services

ADA = Person(1, "ada", "0" * 64, "drawn")
POST = FeedPost(7, "Hello", utc_now() - timedelta(minutes=5), ADA)


async def article(app: Quart, post: FeedPost) -> str:
    async with app.test_request_context("/"):
        return str(services(app).pages.environment.filters["article"](post))


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"id": 8}, 'data-post-id="8"'),
        ({"body": "Good <bye>"}, "Good &lt;bye&gt;"),
        ({"timestamp": POST.timestamp - timedelta(hours=3)}, "3 hours ago"),
        ({"author": replace(ADA, username="Countess")}, "/user/Countess"),
        ({"author": replace(ADA, id=2)}, "/avatars/2-"),
    ],
)
async def test_what_has_changed_is_shown(
    app: Quart, changes: dict[str, object], shown: str
) -> None:
    before = await article(app, POST)

    after = await article(app, replace(POST, **changes))  # type: ignore[arg-type]

    assert shown in after
    assert shown not in before


async def test_the_age_grows_without_a_change(app: Quart, monkeypatch: pytest.MonkeyPatch) -> None:
    for minutes in (5, 7):
        now = POST.timestamp + timedelta(minutes=minutes)
        monkeypatch.setattr("quart_popovers.web.text.utc_now", lambda now=now: now)

        assert f"{minutes} minutes ago" in await article(app, POST)
