"""A short `make attack`, without its clock."""

from pathlib import Path

from tests.chaos.attack import run_attacks
from tests.chaos.attackers import ATTACKS


async def test_an_honest_visitor_is_served_during_every_attack(
    sqlite_url: str, tmp_path: Path
) -> None:
    outcomes = await run_attacks(sqlite_url, tmp_path, requests=60)

    assert [it.attack for it in outcomes if it.all_answered] == list(ATTACKS)
    assert [it.attack for it in outcomes if it.sockets_after <= it.sockets_before] == list(ATTACKS)
