"""Compare names and email addresses by ASCII case, whatever the locale of PostgreSQL.

In a Turkish database `lower('I')` is `ı`: people could not sign in by their name in another case,
and `Ian` and `ian` could be two people. SQLite changes the case of ASCII letters only.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COLUMNS = {"username": 64, "email": 254}

# The older person keeps the name; the other one signs in by email address, and can rename.
RENAME_DOUBLES = """
UPDATE users SET username = left(username, 63 - length(id::text)) || '_' || id
WHERE EXISTS (
    SELECT FROM users AS older
    WHERE older.id < users.id
    AND lower(older.username COLLATE "C") = lower(users.username COLLATE "C")
)
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(RENAME_DOUBLES)
        _set_collation("C")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _set_collation("default")


def _set_collation(collation: str) -> None:
    for name, length in COLUMNS.items():
        op.alter_column("users", name, type_=sa.String(length, collation=collation))
