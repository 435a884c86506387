"""Whatever arrives in a form, a query or a path is answered, and never with a 500.

A hundred examples a test, in CI always the same; `HYPOTHESIS_PROFILE=nightly` tries two thousand.
"""

import os
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.visitor import SignIn, Visitor

# One app serves all examples of a test, as it serves all requests of a day.
settings.register_profile(
    "suite",
    max_examples=100,
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile(
    "nightly", settings.get_profile("suite"), max_examples=2000, derandomize=False
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

# Text as a person or an attacker sends it: any character, and bytes that are no text at all.
ANYTHING = st.one_of(
    st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.binary(max_size=300),
    st.integers().map(lambda number: str(number).encode()),
    st.sampled_from([b"\x00", b"\xed\xa0\x80", "\u202e".encode(), b"'; DROP TABLE users; --"]),
)
ANSWERED = {200, 303, 400, 404, 413, 415, 422, 429}

FORMS = {
    "/register": ["username", "email", "password", "confirm_password"],
    "/login": ["username", "password", "remember_me"],
    "/": ["body"],
    "/edit-profile": ["username", "about_me"],
    "/account/password": ["current_password", "password", "confirm_password"],
    "/account/delete": ["password"],
}
FOR_GUESTS = {"/register", "/login"}


@pytest.fixture
async def ada(sign_in: SignIn) -> Visitor:
    return await sign_in("ada")


@pytest.fixture
async def person(path: str, ada: Visitor, visitor: Visitor) -> Visitor:
    """A browser in which the form of this path can be sent."""
    return visitor if path in FOR_GUESTS else ada


@pytest.fixture
async def token(path: str, person: Visitor) -> str:
    return (await person.get(path)).csrf_token


async def status_of(visitor: Visitor, method: str, path: str, body: bytes | None = None) -> int:
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
    request = {"data": body} if body is not None else {}
    answer = await visitor.client.open(path, method=method, headers=headers, **request)  # type: ignore[arg-type]
    return int(answer.status_code)


@pytest.mark.parametrize("path", FORMS)
@given(values=st.lists(ANYTHING, min_size=4, max_size=4))
async def test_any_text_in_any_field_of_a_form(
    person: Visitor, token: str, path: str, values: list[bytes]
) -> None:
    fields = dict(zip(FORMS[path], values, strict=False))
    body = urlencode({"csrf_token": token} | fields).encode()

    assert await status_of(person, "POST", path, body) in ANSWERED


@given(body=st.binary(max_size=500))
async def test_any_bytes_as_a_form(visitor: Visitor, body: bytes) -> None:
    assert await status_of(visitor, "POST", "/login", body) in ANSWERED


@pytest.mark.parametrize("path", ["/", "/user/ada", "/user/ada/popup", "/login"])
@pytest.mark.parametrize("parameter", ["before", "after", "next"])
@given(value=ANYTHING)
async def test_any_value_of_a_query_parameter(
    ada: Visitor, path: str, parameter: str, value: bytes
) -> None:
    assert await status_of(ada, "GET", f"{path}?{parameter}={quote(value)}") in ANSWERED


@pytest.mark.parametrize("route", ["/user/{}", "/user/{}/popup", "/avatars/{}.svg", "/static/{}/x"])
@given(value=ANYTHING)
async def test_any_text_in_a_path(ada: Visitor, route: str, value: bytes) -> None:
    assert await status_of(ada, "GET", route.format(quote(value, safe=""))) in ANSWERED
