"""The tables."""

from datetime import UTC, datetime
from typing import ClassVar

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    func,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

# SQLite counts up by itself only in a column declared INTEGER.
RowId = BigInteger().with_variant(Integer, "sqlite")


def caseless(length: int) -> String:
    """Text that is compared by `lower()`, which changes ASCII letters only, as SQLite's does.

    By PostgreSQL's own collation it would depend on the locale: in Turkish `lower('I')` is `ı`.
    """
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def utc_now() -> datetime:
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite, which keeps no zone, gets it back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return value and value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    type_annotation_map: ClassVar = {datetime: UtcDateTime}
    # Constraints carry names, so that an error can say which one it was.
    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )


class User(Base):
    """A person. `post_count` is kept by whoever inserts or deletes posts."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    username: Mapped[str] = mapped_column(caseless(64))
    email: Mapped[str] = mapped_column(caseless(254))
    password_hash: Mapped[str] = mapped_column(String(255))
    about_me: Mapped[str] = mapped_column(Text, default="")
    picture: Mapped[str] = mapped_column(String(16), server_default="gravatar")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    last_seen: Mapped[datetime] = mapped_column(default=utc_now)
    post_count: Mapped[int] = mapped_column(default=0)

    # An id is never given twice, so that no avatar or cursor outlives its person.
    __table_args__ = ({"sqlite_autoincrement": True},)


# One person for each name and each address, whatever the case.
Index("uq_users_username", func.lower(User.username), unique=True)
Index("uq_users_email", func.lower(User.email), unique=True)


class Post(Base):
    """A comment. Its id is the order of the feed and the mark at which pages are cut.

    `submission` tells a form that was sent twice from two equal comments.
    """

    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    timestamp: Mapped[datetime] = mapped_column(default=utc_now)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    submission: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (
        Index("ix_posts_user_id_id", "user_id", "id"),
        Index("uq_posts_user_id_submission", "user_id", "submission", unique=True),
        {"sqlite_autoincrement": True},
    )


class SignIn(Base):
    """A browser in which a person is signed in; deleting the row signs it out everywhere."""

    __tablename__ = "sign_ins"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    user_agent: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime] = mapped_column(default=utc_now, index=True)
    last_seen: Mapped[datetime] = mapped_column(default=utc_now)
