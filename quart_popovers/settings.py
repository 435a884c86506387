"""Settings, read once from the environment or `.env`."""

from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

SECRET_KEY_HINT = (
    "SECRET_KEY must be set to at least 32 characters. Make one with: "
    "python3 -c 'import secrets; print(secrets.token_hex(32))'"
)


def _parsed(url: str) -> str:
    try:
        make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError("this is not the address of a database") from None
    return url


# A file or a server: each connection would open another database in memory.
DatabaseUrl = Annotated[
    str, Field(pattern=r"^(sqlite:///[^:]|postgres(ql)?://)"), AfterValidator(_parsed)
]


class DatabaseSettings(BaseSettings):
    """The settings that migrations need; they run without a secret key."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    database_url: DatabaseUrl = "sqlite:///instance/quart_popovers.db"


class Settings(DatabaseSettings):
    """The settings of the site; `.env.example` lists them with their defaults."""

    secret_key: SecretStr = Field(min_length=32)
    database_pool_size: int = Field(10, ge=1, le=1000)
    posts_per_page: int = Field(10, ge=1, le=100)
    avatars: Literal["gravatar", "identicon"] = "gravatar"
    secure_cookies: bool = True
    redis_url: str | None = Field(None, pattern=r"^rediss?://")
    trusted_proxies: int = Field(0, ge=0)
    rate_limits: bool = True
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


SettingsKind = TypeVar("SettingsKind", bound=DatabaseSettings)


def read_settings(kind: type[SettingsKind]) -> SettingsKind:
    """Read settings of this kind, or end the program with one line for each wrong setting."""
    try:
        return kind()
    except ValidationError as error:
        raise SystemExit("\n".join(_explain(error))) from None


def _explain(error: ValidationError) -> list[str]:
    lines = []
    for problem in error.errors(include_input=False, include_url=False):
        name = str(problem["loc"][0]).upper()
        lines.append(SECRET_KEY_HINT if name == "SECRET_KEY" else f"{name}: {problem['msg']}")
    return lines
