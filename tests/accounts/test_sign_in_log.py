"""The log of failed sign-ins."""

import logging
import re
from pathlib import Path

import pytest
from quart import Quart

from quart_popovers import create_app
from quart_popovers.settings import Settings
from tests.limits import guess
from tests.visitor import PASSWORD, MakeUser, Visitor

GUIDE = Path(__file__).parents[2] / "docs/deployment.md"
LINE = re.compile(r"failed account=([0-9a-f]{16}) address=(\S+) reason=([a-z-]+)")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"rate_limits": True, "trusted_proxies": 1})


@pytest.fixture
def failures(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.WARNING, "quart_popovers.sign_ins")
    return caplog


def logged(failures: pytest.LogCaptureFixture) -> list[tuple[str, str, str]]:
    """Account, address and reason of each line."""
    lines = [it.message for it in failures.records if it.name == "quart_popovers.sign_ins"]
    found = [LINE.fullmatch(line) for line in lines]
    assert all(found)
    return [(it[1], it[2], it[3]) for it in found if it]


async def test_each_failed_sign_in_is_one_line_with_its_reason(
    visitor: Visitor, make_user: MakeUser, failures: pytest.LogCaptureFixture
) -> None:
    await make_user("ada")

    await visitor.sign_in("nobody", "wrong")
    await guess(visitor, "ada", 11)
    await visitor.sign_in("", "")

    reasons = [reason for _account, _address, reason in logged(failures)]
    assert reasons == ["unknown-name", *["wrong-password"] * 10, "too-many-tries"]


async def test_a_sign_in_that_succeeds_is_not_there(
    visitor: Visitor, make_user: MakeUser, failures: pytest.LogCaptureFixture
) -> None:
    await make_user("ada")

    await visitor.sign_in("ada")

    assert logged(failures) == []


async def test_the_account_is_a_hash_that_is_the_same_for_the_same_name_and_key(
    app: Quart, settings: Settings, failures: pytest.LogCaptureFixture
) -> None:
    other_key = settings.model_copy(update={"secret_key": type(settings.secret_key)("x" * 32)})
    other_site = create_app(other_key)
    for name in ("hunter2", " HUNTER2 ", "another"):
        await Visitor(app).sign_in(name, PASSWORD)
    async with other_site.test_app():
        await Visitor(other_site).sign_in("hunter2", PASSWORD)

    accounts = [account for account, _address, _reason in logged(failures)]

    assert accounts[0] == accounts[1]
    assert len(set(accounts)) == 3
    assert "hunter2" not in failures.text.lower()
    assert PASSWORD not in failures.text


async def test_the_address_is_the_clients_and_nothing_that_a_client_makes_up(
    visitor: Visitor, failures: pytest.LogCaptureFixture
) -> None:
    token = (await visitor.get("/login")).csrf_token
    for forwarded in ("203.0.113.7", "2001:db8::1", "1.2.3.4, 203.0.113.7", "x reason=fake"):
        await visitor.client.post(
            "/login",
            form={"csrf_token": token, "username": "ada", "password": "wrong"},
            headers={"X-Forwarded-For": forwarded},
        )

    addresses = [address for _account, address, _reason in logged(failures)]

    assert addresses[:3] == ["203.0.113.7", "2001:db8::1", "203.0.113.7"]
    assert "fake" not in failures.text


async def test_the_pattern_of_the_guide_finds_the_line_and_its_address(
    visitor: Visitor, failures: pytest.LogCaptureFixture
) -> None:
    [pattern] = re.findall(r"failregex = (.+)", GUIDE.read_text())
    await visitor.sign_in("ada", "wrong")
    [record] = [it for it in failures.records if it.name == "quart_popovers.sign_ins"]
    formatter = logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s")

    found = re.search(pattern.replace("<HOST>", r"(\S+)"), formatter.format(record))

    assert found
    assert found[1] == logged(failures)[0][1]
