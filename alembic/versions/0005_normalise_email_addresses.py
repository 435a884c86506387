"""Normalise email addresses: composed letters (NFC), and domains in Unicode instead of Punycode.

An address is left as it is if the normalised one belongs to another account, or if it is not
valid; its owner signs in by username.
"""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from alembic import op
from email_validator import EmailNotValidError, validate_email

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

users = sa.table("users", sa.column("id", sa.BigInteger), sa.column("email", sa.String))


def upgrade() -> None:
    for user_id, email in list(_changes()):
        is_taken = sa.select(users.c.id).where(sa.func.lower(users.c.email) == email)
        if op.get_bind().execute(is_taken).first() is None:
            op.execute(users.update().where(users.c.id == user_id).values(email=email))


def downgrade() -> None:
    """Nothing: every spelling is a valid address of the same mailbox."""


def _changes() -> Iterator[tuple[int, str]]:
    """Pairs of id and new address."""
    rows = op.get_bind().execute(sa.select(users.c.id, users.c.email).order_by(users.c.id))
    for user_id, email in rows:
        if email.isascii() and "xn--" not in email:
            continue
        try:
            normalised = validate_email(email, check_deliverability=False).normalized.lower()
        except EmailNotValidError:
            continue
        if normalised != email:
            yield user_id, normalised
