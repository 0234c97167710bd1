"""The hub as `deploy/desk` sets it up: its configuration, its users and a certificate made by `prepare`."""

import shutil
import subprocess
from pathlib import Path

from redis import Redis

from tests.hub.redis_server import NEEDED, RedisServer

DESK = Path(__file__).resolve().parents[2] / "deploy" / "desk"


class DeployedHub(RedisServer):
    """A server that is started by the files of `deploy/desk`, on a port and in a folder of a test's own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._desk = folder / "desk"
        self._desk.mkdir()
        for file in DESK.iterdir():
            if file.is_file() and file.name != ".env":
                shutil.copy2(file, self._desk)
        made = subprocess.run([self._desk / "prepare", "desk.example"], capture_output=True, text=True, check=True)
        assert "TERMINAL_PASSWORD" in made.stdout
        kept = self._desk / "hub" / "valkey.conf"
        kept.write_text(kept.read_text("utf-8").replace("/hub/", f"{self._desk / 'hub'}/"), encoding="utf-8")
        lines = (self._desk / ".env").read_text("utf-8").split()
        self.passwords = {name: value for name, _, value in (line.partition("=") for line in lines)}

    def command(self) -> list[str]:
        own = ["--tls-port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder)]
        return [str(NEEDED), str(self._desk / "hub" / "valkey.conf"), *own, "--loglevel", "warning"]

    @property
    def certificate(self) -> str:
        return str(self._desk / "hub" / "hub.crt")

    def url_of(self, user: str) -> str:
        return f"rediss://{user}@127.0.0.1:{self.port}"

    def client(self, user: str = "server") -> Redis:
        password = self.passwords[f"{user.upper()}_PASSWORD"]
        return Redis(port=self.port, ssl=True, ssl_ca_certs=self.certificate, username=user, password=password)


def able() -> str | None:
    """Why there can be no such hub here, None where there can."""
    if NEEDED is None:
        return "there is no redis-server or valkey-server here"
    if shutil.which("openssl") is None or shutil.which("bash") is None:
        return "there is no openssl or bash here"
    refused = subprocess.run([NEEDED, "--port", "0", "--tls-port", "0", "--tls-auth-clients", "perhaps"],
                             capture_output=True, text=True, check=False)  # fmt: skip
    return None if "one of the following" in refused.stdout + refused.stderr else f"{NEEDED} is made without TLS"
