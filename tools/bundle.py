"""Write the file that browsers load, `hovercard.min.js`, from the hover card's modules.

The modules with their comments are 13 KB compressed and need a chain of requests. Bundled and
minified they are under 6 KB and one request. The bundle is committed, so that running the site
needs no Node.js.
"""

import subprocess
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "quart_popovers/static/hovercard"
BUNDLE = FOLDER / "hovercard.min.js"
ESBUILD = ROOT / "node_modules/.bin/esbuild"


def banner() -> str:
    """The first line of a bundle, with a digest of the modules it was made from."""
    digest = sha256()
    for module in sorted(FOLDER.glob("*.js")):
        if module != BUNDLE:
            digest.update(module.read_bytes())
    return f"// make bundle {digest.hexdigest()[:8]}"


def write() -> None:
    options = ["--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=warning"]
    bundled = subprocess.run(
        [ESBUILD, FOLDER / "index.js", *options], check=True, capture_output=True, text=True
    )
    BUNDLE.write_text(f"{banner()}\n{bundled.stdout}")


if __name__ == "__main__":
    write()
