"""Add the choice of a picture."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "users",
        sa.Column("picture", sa.String(length=16), server_default="gravatar", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("users", "picture")
