"""The settings of one installation, read once at start from the environment."""

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import SplitResult, urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

# A name of labels as it stands in the Host header, or an IPv4 address; Vietnamese names in their xn-- form.
_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
SHORTEST_SECRET = 32
_USUAL_PORTS = {"http": 80, "https": 443}
_DRIVERS = ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg")


class SettingsFaulty(Exception):
    """Every problem of the environment, a line each: Vietnamese first, English after the bar."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """What an installation can decide. A default is safe in production."""

    data_directory: Path
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    processes: int = 2
    trusted_proxies: int = 0
    public_address: str | None = None
    rate_limit_per_minute: int = 300
    default_language: str = "vi"
    # Office hours without a word from a device that make it silent.
    silence_minutes: int = 60
    testing: bool = False

    @property
    def address(self) -> str:
        """Host and port as they stand in a URL; an IPv6 address in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def rate_limit_burst(self) -> int:
        """What may come at once after a pause: a kiosk's queue of 500 is sent without waiting."""
        return 2 * self.rate_limit_per_minute

    @property
    def trusted_hosts(self) -> list[str] | None:
        """The hosts that a request may name: the public one, this machine, the one listened on. None: any."""
        if self.public_address is None:
            return None
        public = urlsplit(self.public_address).hostname or ""
        return list(dict.fromkeys([public, "localhost", "127.0.0.1", self.host.lower()]))

    @property
    def database_file(self) -> Path | None:
        """The file of a SQLite database."""
        url = make_url(self.database_url)
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None

    @property
    def first_password_file(self) -> Path:
        """Where the first official's one-time password waits until it has been changed."""
        return self.data_directory / "first-password.txt"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the environment; raise `SettingsFaulty` with all problems at once."""
        environ = os.environ if environ is None else environ
        problems: list[str] = []
        data_directory = _data_directory(environ, problems)
        settings = cls(
            data_directory=data_directory,
            database_url=_database_url(environ, data_directory, problems),
            secret_key=_secret_key(environ, data_directory, problems),
            host=environ.get("HOST") or "127.0.0.1",
            port=_whole_number(environ, "PORT", 8000, 1, 65535, problems),
            processes=_whole_number(environ, "WEB_CONCURRENCY", 2, 1, 64, problems),
            trusted_proxies=_whole_number(environ, "TRUSTED_PROXIES", 0, 0, 5, problems),
            public_address=_public_address(environ, problems),
            silence_minutes=_whole_number(environ, "SILENCE_MINUTES", 60, 5, 10_000, problems),
            rate_limit_per_minute=_whole_number(
                environ, "RATE_LIMIT_PER_MINUTE", 300, 1, 1_000_000, problems
            ),
        )
        if problems:
            raise SettingsFaulty(problems)
        return settings


def _data_directory(environ: Mapping[str, str], problems: list[str]) -> Path:
    directory = Path(environ.get("DATA_DIRECTORY") or "var").absolute()
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = directory / f".write-probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        problems.append(
            f"DATA_DIRECTORY: không ghi được vào {directory} | cannot write to {directory} ({error.strerror})"
        )
    return directory


def _database_url(environ: Mapping[str, str], data_directory: Path, problems: list[str]) -> str:
    given = environ.get("DATABASE_URL") or f"sqlite:///{data_directory / 'hailong.db'}"
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):
        problems.append(
            "DATABASE_URL: không phải địa chỉ cơ sở dữ liệu dạng sqlite:///đường-dẫn hay "
            "postgresql://tên@máy/cơ-sở-dữ-liệu | not a database address such as sqlite:///path or "
            "postgresql://user@host/name"
        )
        return given
    if url.drivername == "postgres":
        url = url.set(drivername="postgresql")
    if url.drivername not in _DRIVERS:
        problems.append(
            f"DATABASE_URL: chỉ dùng được sqlite và postgresql, không phải {url.drivername} | "
            f"only sqlite and postgresql are supported, not {url.drivername}"
        )
    elif environ.get("DATABASE_URL") or not problems:
        _check_sqlite_file(url, problems)
    return url.render_as_string(hide_password=False)


def _check_sqlite_file(url: URL, problems: list[str]) -> None:
    if url.get_backend_name() != "sqlite":
        return
    if not url.database or url.database == ":memory:":
        problems.append("DATABASE_URL: SQLite phải là một tệp | a SQLite database must be a file")
        return
    file = Path(url.database)
    if url.query:
        problems.append("DATABASE_URL: địa chỉ SQLite không có tùy chọn | a SQLite address takes no options")
    if file.is_dir():
        problems.append(f"DATABASE_URL: {file} là thư mục | {file} is a directory")
    elif not os.access(file if file.exists() else file.absolute().parent, os.W_OK):
        problems.append(f"DATABASE_URL: không ghi được vào {file} | cannot write to {file}")


def _secret_key(environ: Mapping[str, str], data_directory: Path, problems: list[str]) -> str:
    name, secret = _read_secret(environ, data_directory, problems)
    if secret is not None and len(secret) < SHORTEST_SECRET:
        problems.append(
            f"{name}: khóa bí mật cần ít nhất {SHORTEST_SECRET} ký tự | "
            f"the secret key needs {SHORTEST_SECRET} characters at least"
        )
    return secret or ""


def _read_secret(
    environ: Mapping[str, str], data_directory: Path, problems: list[str]
) -> tuple[str, str | None]:
    """Where the key comes from, and the key; None where it cannot be read."""
    if environ.get("SECRET_KEY"):
        return "SECRET_KEY", environ["SECRET_KEY"]
    given = environ.get("SECRET_KEY_FILE")
    name = "SECRET_KEY_FILE" if given else "DATA_DIRECTORY"
    file = Path(given) if given else data_directory / "secret_key"
    try:
        if not given:
            _create_secret(file)
        secret = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        # A data directory that cannot be written to has been named already.
        if given or not any(problem.startswith(name) for problem in problems):
            problems.append(f"{name}: không đọc được {file} | cannot read {file} ({error})")
        return name, None
    return f"{name}: {file}", secret


def _create_secret(file: Path) -> None:
    """Write a new key once, whole before it has its name: of two starting processes one is the first."""
    if file.exists():
        return
    with NamedTemporaryFile("w", encoding="ascii", dir=file.parent, prefix=file.name) as draft:
        draft.write(secrets.token_urlsafe(48))
        draft.flush()
        os.fsync(draft.fileno())
        with suppress(FileExistsError):
            os.link(draft.name, file)


def _whole_number(
    environ: Mapping[str, str], name: str, default: int, low: int, high: int, problems: list[str]
) -> int:
    given = environ.get(name) or str(default)
    if given.isascii() and given.isdecimal() and low <= int(given) <= high:
        return int(given)
    problems.append(
        f"{name}: cần số nguyên từ {low} đến {high}, không phải {given!r} | "
        f"a whole number from {low} to {high} is needed, not {given!r}"
    )
    return default


def _public_address(environ: Mapping[str, str], problems: list[str]) -> str | None:
    """Scheme and host, with the port where it is not the usual one; without a slash at the end."""
    given = environ.get("PUBLIC_ADDRESS")
    if not given:
        return None
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    host = (parts.hostname or "").lower()
    if not _is_site(given, parts) or not _HOST.fullmatch(host) or port == 0:
        problems.append(
            "PUBLIC_ADDRESS: cần http:// hoặc https:// và tên máy chủ, không có gì phía sau, ví dụ "
            f"https://khaosat.example.vn, không phải {given!r} | "
            "http:// or https:// and a host are needed, with nothing after it, such as "
            f"https://khaosat.example.vn, not {given!r}"
        )
        return None
    suffix = f":{port}" if port not in (None, _USUAL_PORTS[parts.scheme]) else ""
    return f"{parts.scheme}://{host}{suffix}"


def _is_site(given: str, parts: SplitResult) -> bool:
    """Whether an address names a site and nothing in it: neither a user, nor a path, nor a query."""
    # urlsplit drops line ends and tabs without a word.
    written_out = given.isascii() and given.isprintable() and " " not in given
    return (
        written_out
        and parts.scheme in _USUAL_PORTS
        and parts.path in ("", "/")
        and not any(mark in given for mark in "?#@\\")
    )
