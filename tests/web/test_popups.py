"""One rule tells popups from pages, whatever a person is called."""

import pytest
from quart import Quart

from quart_popovers.web.popups import is_popup
from tests.visitor import SignIn, Visitor


def test_the_rule_and_the_routes_agree(app: Quart) -> None:
    """Also for the names that a route's own words could be."""
    addresses = {}
    urls = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        for name in ("popup", "user", "ada"):
            address = urls.build(rule.endpoint, dict.fromkeys(rule.arguments, name))
            addresses[address] = rule.rule.endswith("/popup")

    assert "/user/popup" in addresses
    assert {path: is_popup(path) for path in addresses} == addresses


@pytest.mark.parametrize(
    "path", ["/user/a/b/popup", "/x/user/a/popup", "/user/a/popup/", "/user/a/popup\n", "/popup"]
)
def test_only_a_whole_address_is_a_popup(path: str) -> None:
    assert not is_popup(path)


async def test_a_person_called_popup_has_a_page_and_a_card(sign_in: SignIn) -> None:
    popup = await sign_in("popup")

    page = await popup.get("/user/popup")
    card = await popup.get("/user/popup/popup")
    saved = await popup.submit("/edit-profile", username="popup", about_me="It is a name.")

    assert page.status == card.status == 200
    assert page.navigation
    assert page.headers["referrer-policy"] == "same-origin"
    assert "<html" not in card.text
    assert 'data-username="popup"' in card.text
    assert (saved.status, saved.location) == (303, "/user/popup")


async def test_a_guest_is_sent_to_sign_in_from_the_page_of_a_person_called_popup(
    visitor: Visitor,
) -> None:
    page = await visitor.get("/user/popup")
    card = await visitor.get("/user/popup/popup")

    assert (page.status, page.location) == (303, "/login?next=/user/popup")
    assert (card.status, card.location) == (401, None)
