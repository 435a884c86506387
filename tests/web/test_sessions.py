"""Pages have Quart's session; hovers have none."""

import pytest
from quart.sessions import SecureCookieSessionInterface

from tests.visitor import SignIn


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The sessions whose cookie was read or written."""
    found: list[object] = []
    get_serializer = SecureCookieSessionInterface.get_signing_serializer

    def note(interface: SecureCookieSessionInterface, app: object) -> object:
        found.append(interface)
        return get_serializer(interface, app)  # type: ignore[arg-type]

    monkeypatch.setattr(SecureCookieSessionInterface, "get_signing_serializer", note)
    return found


async def test_a_hover_opens_and_saves_no_session(sign_in: SignIn, opened: list[object]) -> None:
    ada = await sign_in("ada")
    await ada.submit("/", body="Leaves a message in the session")
    opened.clear()

    card, missing = await ada.get("/user/ada/popup"), await ada.get("/user/nobody/popup")
    by_hovers = len(opened)
    feed = await ada.get("/")

    assert (card.status, missing.status, by_hovers) == (200, 404, 0)
    assert card.set_cookies == missing.set_cookies == ()
    assert opened
    assert feed.flashes == ["Your comment is posted."]
