"""Runs a PostgreSQL server for as long as a test run lives.

Usage: `postgresql_server.py BINARIES DIRECTORY PID`. Prints `ready` when the server answers on its socket in
DIRECTORY/postgresql. Ends at SIGTERM, or when process PID has ended in whatever way; then the server is gone
with its directory, in the latter case with all of DIRECTORY. Root hands the server to another user, since
PostgreSQL refuses root.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

READY = "ready"
DIRECTORY_NAME = "postgresql"
STOP_SIGNAL = signal.SIGTERM
START_LIMIT_SECONDS = 60
SETTINGS = {
    "autovacuum": "off",
    "dynamic_shared_memory_type": "mmap",
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "synchronous_commit": "off",
    "timezone": "UTC",
    "wal_level": "minimal",
}


class StopAsked(Exception):
    """Somebody has sent SIGTERM."""


def main(binaries: Path, run_directory: Path, run_pid: int) -> None:
    signal.signal(STOP_SIGNAL, _ask_to_stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    directory = run_directory / DIRECTORY_NAME
    directory.mkdir(mode=0o700)
    identity = server_identity(directory)
    server = None
    try:
        make_cluster(binaries, directory, identity)
        server = start_server(binaries, directory, identity, SETTINGS)
        wait_until_ready(server, directory)
        print(READY, flush=True)
        _release_output()
        _wait_for_end(run_pid, server)
    except StopAsked:
        pass
    finally:
        _stop(server)
        shutil.rmtree(directory if is_alive(run_pid) else run_directory, ignore_errors=True)


def _ask_to_stop(number: int, frame: object) -> None:
    signal.signal(STOP_SIGNAL, signal.SIG_IGN)
    raise StopAsked


def server_identity(directory: Path) -> dict[str, Any]:
    """As whom the server runs, as arguments of `subprocess`."""
    if os.geteuid() != 0:
        return {}
    account = _find_account("postgres", "nobody")
    os.chown(directory, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _find_account(*names: str) -> pwd.struct_passwd:
    accounts = {account.pw_name: account for account in pwd.getpwall()}
    return next(accounts[name] for name in names if name in accounts)


def make_cluster(binaries: Path, directory: Path, identity: dict[str, Any]) -> None:
    made = subprocess.run(
        [
            binaries / "initdb",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "--no-instructions",
            f"--pgdata={directory / 'data'}",
        ],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        **identity,
    )
    if made.returncode != 0:
        sys.exit(f"initdb has failed\n{made.stdout}\n{made.stderr}")


def start_server(
    binaries: Path, directory: Path, identity: dict[str, Any], settings: dict[str, str]
) -> "subprocess.Popen[bytes]":
    """Start the server of the cluster in DIRECTORY/data; its socket is in DIRECTORY."""
    settings = {**settings, "unix_socket_directories": str(directory)}
    command = [str(binaries / "postgres"), "-D", str(directory / "data")]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with (directory / "log").open("wb") as log:
        return subprocess.Popen(
            command, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, **identity
        )


def wait_until_ready(server: "subprocess.Popen[bytes]", directory: Path) -> None:
    status_file = directory / "data" / "postmaster.pid"
    deadline = time.monotonic() + START_LIMIT_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        # Its last line says what the server is doing.
        if status_file.exists() and status_file.read_text().splitlines()[-1:] == ["ready   "]:
            return
        time.sleep(0.02)
    sys.exit("postgres has not started\n" + (directory / "log").read_text(errors="replace"))


def _release_output() -> None:
    """Let go of the pipe to the process that waited for `ready`."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _wait_for_end(run_pid: int, server: "subprocess.Popen[bytes]") -> None:
    while server.poll() is None and is_alive(run_pid):
        time.sleep(0.1)


def is_alive(pid: int) -> bool:
    """Whether a process still runs; one that has ended and waits for its parent does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def _stop(server: "subprocess.Popen[bytes] | None") -> None:
    if server is None or server.poll() is not None:
        return
    server.send_signal(signal.SIGQUIT)  # at once: nothing of these data is needed again
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
