"""One run of the benchmark: its databases, servers, cookies and report."""

from contextlib import AbstractContextManager, ExitStack
from functools import cached_property
from pathlib import Path

from . import backing_services, cookies, load, servers
from .backing_services import PostgreSQL
from .databases import BASE, VIEWERS, Size, fill
from .load import Hovers, Load, Page
from .report import Report
from .servers import Server


class Run:
    """What the parts share. Databases and services are made when they are first needed."""

    def __init__(
        self, folder: Path, rounds: int, seconds: int, report: Report, stack: ExitStack
    ) -> None:
        self.folder = folder
        self.rounds = rounds
        self.seconds = seconds
        self.report = report
        self._stack = stack
        self._filled: dict[str, str] = {}

    def sqlite(self, size: Size = BASE) -> str:
        """The URL of a SQLite database of this size."""
        path = self.folder / f"{size}.db"
        if not path.exists():
            fill(f"sqlite:///{path}", size)
        return f"sqlite:///{path}"

    def postgresql(self, size: Size = BASE) -> str | None:
        """The URL of a PostgreSQL database of this size, or None without PostgreSQL."""
        name = str(size)
        if self._cluster and name not in self._filled:
            url = self._cluster.create_database(name)
            fill(url, size)
            self._filled[name] = url
        return self._filled.get(name)

    @cached_property
    def _cluster(self) -> PostgreSQL | None:
        cluster = self._stack.enter_context(backing_services.postgresql())
        if cluster is None:
            self.report.add("", "PostgreSQL is not installed here: its cases are left out.")
        return cluster

    @cached_property
    def redis_url(self) -> str | None:
        """The URL of a Redis, or None without Redis."""
        url = self._stack.enter_context(backing_services.redis())
        if url is None:
            self.report.add("", "Redis is not installed here: its cases are left out.")
        return url

    def ours(
        self, database_url: str, workers: int = 1, **environment: str
    ) -> AbstractContextManager[Server]:
        """The site as it is shipped."""
        site = "quart_popovers:create_app()"
        return servers.hypercorn(
            self.folder, site, workers, DATABASE_URL=database_url, **environment
        )

    def stock(self, body_bytes: int, workers: int = 1) -> AbstractContextManager[Server]:
        """Stock Quart, which answers a constant of this size."""
        return servers.hypercorn(
            self.folder,
            "benchmarks.stock:create_app()",
            workers,
            BODY_BYTES=str(body_bytes),
            COOKIE_NAME=self._cookies.name,
        )

    def constant(self, database_url: str, body_bytes: int) -> AbstractContextManager[Server]:
        """The site with a route that answers a constant of this size."""
        return servers.hypercorn(
            self.folder,
            "benchmarks.constant:create_app()",
            DATABASE_URL=database_url,
            BODY_BYTES=str(body_bytes),
        )

    def flask(
        self, database_url: str, workers: int, *, stamp_and_count: bool = True
    ) -> AbstractContextManager[Server]:
        """The Flask peer."""
        return servers.gunicorn(
            self.folder,
            "benchmarks.peer:create_app()",
            workers,
            DATABASE_URL=database_url,
            STAMP_AND_COUNT="yes" if stamp_and_count else "no",
        )

    def load(
        self, server: Server, wanted: Page | Hovers, connections: int, *, seconds: int | None = None
    ) -> Load:
        return self.counted(load.run(server, wanted, connections, seconds or self.seconds))

    def counted(self, found: Load) -> Load:
        """Count the errors of this load among those of the run."""
        self.report.errors += found.errors
        return found

    @cached_property
    def _cookies(self) -> cookies.Cookies:
        return cookies.Cookies(self.sqlite())

    @cached_property
    def cookie(self) -> str:
        """The Cookie header of our first viewer."""
        return self._cookies.of(1)

    @cached_property
    def all_viewers(self) -> Path:
        """The cookies of 5,000 viewers of ours."""
        return cookies.write(self.folder / "viewers", map(self._cookies.of, range(1, VIEWERS + 1)))

    @cached_property
    def one_viewer(self) -> Path:
        """The cookie of one viewer of ours."""
        return cookies.write(self.folder / "viewer", [self.cookie])

    @cached_property
    def all_peer_viewers(self) -> Path:
        """The cookies of 5,000 viewers of the Flask peer."""
        return cookies.write(
            self.folder / "peer-viewers", map(cookies.peer_cookie, range(1, VIEWERS + 1))
        )
