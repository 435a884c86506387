"""Runs the tests of the hover card's modules that need no page, under Node.js."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

TABLES = sorted(str(path) for path in Path(__file__).parent.glob("*.test.mjs"))


def test_the_modules_pass_their_tests_under_node() -> None:
    node = shutil.which("node")
    if node is None and not os.environ.get("CI"):
        pytest.skip("no Node.js here: install the package nodejs")
    assert node is not None, "no Node.js here, and in CI there must be one"

    run = subprocess.run([node, "--test", *TABLES], capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout
