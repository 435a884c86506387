"""`make run`: prepare a database, say where the site is, and become Hypercorn."""

import asyncio
import os
import sys
from pathlib import Path
from secrets import token_hex

from alembic import command
from alembic.config import Config
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from ..database import open_database
from ..settings import DatabaseSettings, DatabaseUrl, read_settings
from .content import PASSWORD, add_demo_content

ROOT = Path(__file__).parent.parent.parent
DEMO_URL = f"sqlite:///{ROOT / 'instance' / 'demo.db'}"


def migrate(url: str) -> None:
    config = Config(ROOT / "alembic.ini")
    config.attributes["database_url"] = url
    command.upgrade(config, "head")


async def fill(url: str) -> None:
    database = open_database(url)
    try:
        async with AsyncSession(database.writer) as db, db.begin():
            await add_demo_content(db)
    finally:
        await database.dispose()


def local_secret_key() -> str:
    """A key of this machine's own, kept so that a restart signs nobody out."""
    path = ROOT / "instance" / "secret-key"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(token_hex(32))
    return path.read_text()


class DemoSettings(DatabaseSettings):
    """What a local site must be told, with defaults that need no preparation."""

    database_url: DatabaseUrl = DEMO_URL
    secret_key: str = Field(default_factory=local_secret_key)


def main() -> None:
    port = sys.argv[1]
    settings = read_settings(DemoSettings)
    migrate(settings.database_url)
    print(f"\n  Quart Popovers: http://127.0.0.1:{port}")
    if settings.database_url == DEMO_URL:
        asyncio.run(fill(DEMO_URL))
        print(f"  Sign in as ada with the password {PASSWORD}")
    print("  Stop with Ctrl-C\n", flush=True)
    os.environ["SECRET_KEY"] = settings.secret_key
    os.environ["DATABASE_URL"] = settings.database_url
    os.environ.setdefault("SECURE_COOKIES", "false")
    arguments = ["-c", "hypercorn.toml", "-b", f"127.0.0.1:{port}", "quart_popovers:create_app()"]
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "hypercorn", *arguments])


if __name__ == "__main__":
    main()
