"""Programs of this project in a process of their own, away from this shell's settings."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SECRET_KEY = "a key that only tests would ever use"
HYPERCORN = ["-m", "hypercorn", "-c", str(ROOT / "hypercorn.toml"), "-b", "127.0.0.1:0"]
SITE = "quart_popovers:create_app()"


def run_python(
    *arguments: str, cwd: Path, given: str = "", **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run to the end with these settings only, in a folder whose `.env` counts."""
    quiet = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        cwd=cwd,
        env=quiet | settings,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
