"""Who is counted by address, with and without proxies in front."""

import pytest
from quart import request

from quart_popovers import create_app
from quart_popovers.services import services
from quart_popovers.settings import Settings
from quart_popovers.web.addresses import client_network

FORGED = "198.51.100.1"
VISITOR = "203.0.113.7"


async def seen_by(settings: Settings, proxies: int, client: str, **headers: str) -> dict[str, str]:
    """What the site takes for the visitor, behind this many trusted proxies."""
    app = create_app(settings.model_copy(update={"trusted_proxies": proxies}))

    @app.get("/seen")
    async def seen() -> dict[str, str]:
        return {"network": client_network(), "scheme": request.scheme, "host": request.host}

    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = await app.test_client().get(
        "/seen", headers=named, scope_base={"client": (client, 5)}
    )
    answer: dict[str, str] = await response.get_json()
    await services(app).database.dispose()
    return answer


async def test_by_default_no_header_is_believed(settings: Settings) -> None:
    assert Settings.model_fields["trusted_proxies"].default == 0
    seen = await seen_by(
        settings, 0, VISITOR, X_Forwarded_For=FORGED, X_Forwarded_Proto="https", Forwarded="for=x"
    )

    assert (seen["network"], seen["scheme"]) == (VISITOR, "http")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (1, VISITOR, VISITOR),
        (1, f"{FORGED}, {VISITOR}", VISITOR),
        (1, f"{FORGED},{VISITOR}", VISITOR),
        (1, f"{VISITOR}:4711", VISITOR),
        (2, f"{FORGED}, {VISITOR}, 10.0.0.2", VISITOR),
        # Fewer than there are proxies: somebody has come round one of them.
        (2, FORGED, "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "unknown", "10.0.0.1"),
        (1, f"{VISITOR}, not an address", "10.0.0.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (1, "[2001:db8:1:2:3:4:5:6]:443", "2001:db8:1:2::"),
        (1, "::ffff:203.0.113.7", VISITOR),
    ],
)
async def test_the_address_is_what_the_outermost_trusted_proxy_saw(
    settings: Settings, proxies: int, forwarded: str, expected: str
) -> None:
    seen = await seen_by(settings, proxies, "10.0.0.1", X_Forwarded_For=forwarded)

    assert seen["network"] == expected


async def test_scheme_and_host_come_from_the_proxy_too(settings: Settings) -> None:
    seen = await seen_by(
        settings, 1, "10.0.0.1", X_Forwarded_Proto="https", X_Forwarded_Host="example.com"
    )

    assert (seen["scheme"], seen["host"]) == ("https", "example.com")


async def test_only_a_scheme_of_the_web_is_believed(settings: Settings) -> None:
    seen = await seen_by(settings, 1, "10.0.0.1", X_Forwarded_Proto="javascript")

    assert seen["scheme"] == "http"


async def test_all_addresses_of_one_ipv6_network_count_as_one(settings: Settings) -> None:
    seen = [await seen_by(settings, 0, f"2001:db8::{host}") for host in ("1", "dead:beef")]

    assert {it["network"] for it in seen} == {"2001:db8::"}
