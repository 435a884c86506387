"""The proxies of docs/deployment.md, started with the very blocks that stand there."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Self

from tests.serving.browser import Refused, connect
from tests.serving.server import GIVE_UP_S, ROOT, free_port

SITE_NAME = "example.com"


def documented(language: str) -> str:
    """The block of the deployment guide that is written in this language."""
    guide = (ROOT / "docs/deployment.md").read_text()
    [block] = re.findall(rf"```{language}\n(.*?)```", guide, re.DOTALL)
    return str(block)


def replace(text: str, old: str, new: str) -> str:
    """Adapt the documented text; what it no longer contains is an error, not left out."""
    assert old in text, f"the guide does not contain {old!r}"
    return text.replace(old, new)


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate that its own key has signed, and the key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={SITE_NAME}"]
    subprocess.run(
        [*new, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True
    )
    return certificate, key


class Proxy:
    """A proxy with TLS on a free port, in front of a server on this one."""

    def __init__(self, folder: Path, server_port: int) -> None:
        self.port = free_port()
        self.folder = folder
        self.certificate, self.key = make_certificate(folder)
        self.text = self.configuration(server_port)
        self._process: asyncio.subprocess.Process | None = None

    @classmethod
    def program(cls) -> str | None:
        """Where it is installed; Debian keeps nginx off the path of ordinary users."""
        return shutil.which(cls.__name__.lower(), path=f"{os.environ['PATH']}:/usr/sbin")

    def configuration(self, server_port: int) -> str:
        raise NotImplementedError

    def arguments(self, file: Path) -> list[str]:
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        file = self.folder / "configuration"
        file.write_text(self.text)
        with (self.folder / "proxy.log").open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                self.program() or "",
                *self.arguments(file),
                env=os.environ | {"HOME": str(self.folder)},
                stdout=log,
                stderr=log,
            )
        async with asyncio.timeout(GIVE_UP_S):
            while not await self._accepts():
                assert self._process.returncode is None, (self.folder / "proxy.log").read_text()
                await asyncio.sleep(0.02)
        return self

    async def _accepts(self) -> bool:
        try:
            _reader, writer = await connect(self.port)
        except Refused:
            return False
        writer.close()
        return True

    async def __aexit__(self, *_error: object) -> None:
        assert self._process
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        await self._process.wait()


class Nginx(Proxy):
    def configuration(self, server_port: int) -> str:
        text = documented("nginx")
        text = re.sub(r"127\.0\.0\.1:500[01]", f"127.0.0.1:{server_port}", text)
        text = replace(text, "listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl")
        text = replace(text, "/etc/ssl/example.com.pem", str(self.certificate))
        text = replace(text, "/etc/ssl/example.com.key", str(self.key))
        folders = "".join(
            f"{kind}_temp_path {self.folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        return f"events {{}}\nhttp {{\naccess_log off;\n{folders}{text}}}\n"

    def arguments(self, file: Path) -> list[str]:
        rest = f"daemon off; master_process off; pid {self.folder}/pid; error_log stderr;"
        return ["-c", str(file), "-e", "stderr", "-g", rest]


class Caddy(Proxy):
    def configuration(self, server_port: int) -> str:
        text = documented("caddy")
        text = re.sub(r"127\.0\.0\.1:500[01]", f"127.0.0.1:{server_port}", text)
        tls = f"bind 127.0.0.1\ntls {self.certificate} {self.key}"
        text = replace(text, "example.com {", f"https://{SITE_NAME}:{self.port} {{\n{tls}")
        return f"{{\nadmin off\nauto_https off\n}}\n{text}"

    def arguments(self, file: Path) -> list[str]:
        return ["run", "--config", str(file), "--adapter", "caddyfile"]
