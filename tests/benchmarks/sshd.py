"""A real sshd on loopback with keys of its own, for as long as a measurement takes."""

import getpass
import os
import re
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.end_to_end.home import ROOT

_SERVED_BY: Final = Path("/run/sshd")
"""Where sshd locks itself in when root starts it; its service makes the folder."""
_CONFIG: Final = """
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PrintMotd no
PrintLastLog no
"""
_RECEIVED: Final = re.compile(r"Transferred: sent ([\d,]+), received ([\d,]+) bytes")


class Link:
    """The way to a program over ssh; what the client says goes to `log`."""

    def __init__(self, folder: Path, port: int) -> None:
        self.log = folder / "client.log"
        self._folder = folder
        self._port = port

    def command(self, command: Sequence[str], env: Mapping[str, str | None]) -> tuple[str, ...]:
        """The client, which starts the command with these variables in a terminal at the other end."""
        given = [f"{name}={value}" for name, value in env.items() if value is not None]
        there = f"cd {shlex.quote(str(ROOT))} && exec {shlex.join(['env', *given, *command])}"
        options = ["IdentitiesOnly=yes", "StrictHostKeyChecking=no", f"UserKnownHostsFile={self._folder}/known"]
        options += ["LogLevel=VERBOSE", "Compression=no"]
        flags = [part for option in options for part in ("-o", option)]
        keys = ("-F", "none", "-i", f"{self._folder}/user", "-p", str(self._port))
        return ("ssh", "-tt", *keys, *flags, f"{getpass.getuser()}@127.0.0.1", there)

    def received(self) -> int:
        """Bytes that came through the encrypted connection, told by the client once it has ended."""
        found = _RECEIVED.search(self.log.read_text(encoding="utf-8", errors="replace"))
        if found is None:
            raise AssertionError(f"the ssh client did not count: {self.log.read_text(errors='replace')[-300:]}")
        return int(found[2].replace(",", ""))


@contextmanager
def serving(folder: Path) -> Iterator[Link | None]:
    """A link, or None where sshd or ssh is not installed."""
    sshd = shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if sshd is None or not shutil.which("ssh") or not shutil.which("ssh-keygen"):
        yield None
        return
    folder.mkdir(mode=0o700)
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "sshd_config").write_text(_CONFIG.format(port=port, folder=folder), encoding="utf-8")
    makes_folder = os.geteuid() == 0 and not _SERVED_BY.exists()
    if makes_folder:
        _SERVED_BY.mkdir(mode=0o755)
    with (folder / "sshd.log").open("wb") as log:
        server = subprocess.Popen([sshd, "-D", "-e", "-f", folder / "sshd_config"], stderr=log)
    try:
        _wait_for(port, server, folder / "sshd.log")
        yield Link(folder, port)
    finally:
        server.terminate()
        server.wait()
        if makes_folder:
            _SERVED_BY.rmdir()


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"sshd does not answer: {log.read_text(errors='replace')[-300:]}")
