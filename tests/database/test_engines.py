"""A plain URL chooses the driver."""

import pytest

from quart_popovers.database import async_url


@pytest.mark.parametrize(
    ("given", "opened"),
    [
        ("sqlite:///instance/a.db", "sqlite+aiosqlite:///instance/a.db"),
        ("sqlite:////var/lib/a.db", "sqlite+aiosqlite:////var/lib/a.db"),
        ("postgresql://host/name", "postgresql+asyncpg://host/name"),
        ("postgres://p:q@host:1/name", "postgresql+asyncpg://p:q@host:1/name"),
        (
            "postgresql://host/name?sslmode=require",
            "postgresql+asyncpg://host/name?ssl=require",
        ),
        ("postgresql://p@/name?host=/run", "postgresql+asyncpg://p@/name?host=%2Frun"),
    ],
)
def test_a_plain_address_gets_its_async_driver(given: str, opened: str) -> None:
    assert async_url(given).render_as_string(hide_password=False) == opened
