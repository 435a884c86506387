"""Write the one file that browsers load: `python -m tests.hovercard_machine.bundle`.

Nine modules with their comments are 13 KB compressed and a chain of requests; bundled without
comments and long names they are under 6 KB and one request. Only who changes a module needs npx.
"""

import subprocess
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parent.parent.parent / "quart_popovers/static/hovercard"
BUNDLE = FOLDER / "hovercard.min.js"
ESBUILD = "esbuild@0.25.12"


def banner() -> str:
    """The first line of a bundle: which modules it was made from."""
    digest = sha256()
    for module in sorted(FOLDER.glob("*.js")):
        if module != BUNDLE:
            digest.update(module.read_bytes())
    return f"// Made from index.js by tests/hovercard_machine/bundle.py; {digest.hexdigest()[:16]}"


def write() -> None:
    options = ["--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=warning"]
    bundled = subprocess.run(
        ["npx", "--yes", ESBUILD, str(FOLDER / "index.js"), *options],
        check=True,
        capture_output=True,
        text=True,
    )
    BUNDLE.write_text(f"{banner()}\n{bundled.stdout}")


if __name__ == "__main__":
    write()
