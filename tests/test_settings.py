"""Settings: read once, checked, and explained in one line each."""

from pathlib import Path

import pytest

from quart_popovers import create_app
from quart_popovers.settings import Settings
from tests.subprocesses import HYPERCORN, ROOT, SECRET_KEY, SITE, run_python

START = "from quart_popovers import create_app; create_app()"
WRONG = [
    ("SECRET_KEY", ""),
    ("SECRET_KEY", "x" * 31),
    ("DATABASE_URL", "mysql://localhost/site"),
    ("DATABASE_URL", "postgresql://localhost:port/site"),
    ("DATABASE_URL", "sqlite://"),
    ("DATABASE_URL", "sqlite:///:memory:"),
    ("DATABASE_URL", "sqlite:////dev/null/folder/site.db"),
    ("DATABASE_URL", "site.db"),
    ("POSTS_PER_PAGE", "ten"),
    ("POSTS_PER_PAGE", "0"),
    ("POSTS_PER_PAGE", "101"),
    ("AVATARS", "photos"),
    ("SECURE_COOKIES", "perhaps"),
    ("REDIS_URL", "localhost"),
    ("TRUSTED_PROXIES", "-1"),
    ("RATE_LIMITS", "perhaps"),
    ("LOG_LEVEL", "LOUD"),
]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An empty folder, and an environment with nothing but a good secret key."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SECRET_KEY", SECRET_KEY)
    return monkeypatch


def lines_that_stop_the_start() -> list[str]:
    """What Python prints when nothing catches the exit; it ends with status 1 then."""
    with pytest.raises(SystemExit) as stopped:
        create_app()
    assert isinstance(stopped.value.code, str)
    return stopped.value.code.splitlines()


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_setting_stops_the_start_with_one_line_that_names_it(
    environment: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    environment.setenv(name, value)

    [line] = lines_that_stop_the_start()

    assert line.startswith(name)
    assert capfd.readouterr() == ("", "")


@pytest.mark.programs
def test_the_program_ends_with_that_line_and_status_1(tmp_path: Path) -> None:
    done = run_python("-c", START, cwd=tmp_path, SECRET_KEY=SECRET_KEY, POSTS_PER_PAGE="ten")

    [line] = done.stderr.splitlines()
    assert line.startswith("POSTS_PER_PAGE")
    assert (done.returncode, done.stdout) == (1, "")


@pytest.mark.programs
@pytest.mark.parametrize(("name", "value"), [("SECRET_KEY", ""), ("POSTS_PER_PAGE", "ten")])
def test_hypercorn_shows_that_line_and_nothing_else(tmp_path: Path, name: str, value: str) -> None:
    settings = {"SECRET_KEY": SECRET_KEY} | {name: value}

    done = run_python(*HYPERCORN, SITE, cwd=tmp_path, **settings)

    [line] = (done.stdout + done.stderr).splitlines()
    assert line.startswith(name)


@pytest.mark.programs
def test_without_a_secret_key_one_is_told_how_to_make_one(tmp_path: Path) -> None:
    done = run_python("-c", START, cwd=tmp_path)

    assert "at least 32 characters" in done.stderr
    command = done.stderr.split("python3 -c '")[1].split("'")[0]
    made = run_python("-c", command, cwd=tmp_path).stdout.strip()
    assert run_python("-c", START, cwd=tmp_path, SECRET_KEY=made).returncode == 0


def test_each_wrong_setting_has_its_own_line(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("POSTS_PER_PAGE", "ten")
    environment.setenv("AVATARS", "photos")
    environment.delenv("SECRET_KEY")

    names = [line.split()[0].rstrip(":") for line in lines_that_stop_the_start()]

    assert sorted(names) == ["AVATARS", "POSTS_PER_PAGE", "SECRET_KEY"]


@pytest.mark.programs
def test_a_wrong_secret_is_not_repeated_on_the_screen(tmp_path: Path) -> None:
    url = "postgresql://person:hunter2@localhost:port/site"

    done = run_python("-c", START, cwd=tmp_path, SECRET_KEY="hunter2", DATABASE_URL=url)

    assert "hunter2" not in done.stderr


def test_env_is_read_where_it_stands_and_the_environment_wins(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lines = (f"SECRET_KEY={SECRET_KEY}", "POSTS_PER_PAGE=7", "AVATARS=identicon", "OTHER=ignored")
    (tmp_path / ".env").write_text("\n".join(lines))

    environment.delenv("SECRET_KEY")
    environment.setenv("POSTS_PER_PAGE", "8")

    app = create_app()

    read = [app.config[name] for name in ("POSTS_PER_PAGE", "AVATARS", "SECRET_KEY")]
    assert read == [8, "identicon", SECRET_KEY]


def test_a_secret_of_digits_stays_text(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("SECRET_KEY", "0" * 32)

    app = create_app()

    read = [app.config[name] for name in ("POSTS_PER_PAGE", "AVATARS", "SECRET_KEY")]
    assert read == [10, "gravatar", "0" * 32]


@pytest.mark.usefixtures("environment")
def test_the_example_lists_every_setting_with_its_default(tmp_path: Path) -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))

    assert given == {
        name.upper(): "" if field.default is None or field.is_required() else shown(field.default)
        for name, field in Settings.model_fields.items()
    }
    (tmp_path / ".env").write_text((ROOT / ".env.example").read_text())
    assert create_app().config["SECRET_KEY"] == SECRET_KEY


def shown(default: object) -> str:
    return str(default).lower() if isinstance(default, bool) else str(default)


@pytest.mark.programs
def test_migrations_need_no_secret_key(tmp_path: Path) -> None:
    config = str(ROOT / "alembic.ini")

    done = run_python("-m", "alembic", "-c", config, "upgrade", "head", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "instance/quart_popovers.db").exists()


@pytest.mark.programs
def test_migrations_name_a_wrong_setting_too(tmp_path: Path) -> None:
    arguments = ["-m", "alembic", "-c", str(ROOT / "alembic.ini"), "upgrade", "head"]

    done = run_python(*arguments, cwd=tmp_path, DATABASE_URL="mysql://localhost")

    [line] = done.stderr.splitlines()
    assert line.startswith("DATABASE_URL")
