"""Settings: read once, every problem at once, secrets made once."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from survey.settings import Settings, SettingsFaulty, _create_secret


def read(directory: Path, **environ: str) -> Settings:
    return Settings.from_environ({"DATA_DIRECTORY": str(directory), **environ})


def problems_of(directory: Path, **environ: str) -> list[str]:
    with pytest.raises(SettingsFaulty) as caught:
        read(directory, **environ)
    return caught.value.problems


def test_defaults_are_safe(tmp_path: Path) -> None:
    settings = read(tmp_path)

    assert settings.database_url == f"sqlite:///{tmp_path / 'hailong.db'}"
    assert (settings.host, settings.port, settings.trusted_proxies) == ("127.0.0.1", 8000, 0)
    assert settings.default_language == "vi"
    assert not settings.testing


def test_data_directory_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    read(tmp_path / "new" / "var")

    assert stat.S_IMODE((tmp_path / "new" / "var").stat().st_mode) == 0o700


def test_secret_is_made_once_and_belongs_to_its_owner(tmp_path: Path) -> None:
    first, second = read(tmp_path), read(tmp_path)

    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 64
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_two_installations_have_different_secrets(tmp_path: Path) -> None:
    assert read(tmp_path / "a").secret_key != read(tmp_path / "b").secret_key


def test_given_secret_is_used_and_none_is_made(tmp_path: Path) -> None:
    settings = read(tmp_path, SECRET_KEY="from the environment" * 2)

    assert settings.secret_key == "from the environment" * 2
    assert not (tmp_path / "secret_key").exists()


def test_secret_is_read_from_the_named_file(tmp_path: Path) -> None:
    (tmp_path / "mounted").write_text("from a file " * 3 + "\n", encoding="ascii")

    settings = read(tmp_path, SECRET_KEY_FILE=str(tmp_path / "mounted"))

    assert settings.secret_key == ("from a file " * 3).strip()


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe"])
def test_useless_secret_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "mounted").write_bytes(content)

    (problem,) = problems_of(tmp_path, SECRET_KEY_FILE=str(tmp_path / "mounted"))

    assert problem.startswith("SECRET_KEY_FILE:")


def test_missing_secret_file_is_refused(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, SECRET_KEY_FILE=str(tmp_path / "absent"))

    assert problem.startswith("SECRET_KEY_FILE: không đọc được ")
    assert " | cannot read " in problem


def test_secret_that_was_left_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()

    assert problems_of(tmp_path) == [
        f"DATA_DIRECTORY: {tmp_path / 'secret_key'}: khóa bí mật cần ít nhất 32 ký tự | "
        "the secret key needs 32 characters at least"
    ]


def test_a_secret_that_can_be_guessed_is_refused(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, SECRET_KEY="x" * 31)

    assert problem.startswith("SECRET_KEY: khóa bí mật cần ít nhất 32 ký tự")


def test_who_starts_together_agrees_on_one_secret(tmp_path: Path) -> None:
    file = tmp_path / "secret_key"

    def make_and_read(_: int) -> str:
        _create_secret(file)
        return file.read_text(encoding="ascii")

    with ThreadPoolExecutor(16) as pool:
        secrets = set(pool.map(make_and_read, range(16)))

    assert len(secrets) == 1
    assert min(map(len, secrets)) >= 64
    assert list(tmp_path.iterdir()) == [file]


def test_unwritable_data_directory_is_one_problem(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    (problem,) = problems_of(tmp_path / "file" / "var")

    directory = tmp_path / "file" / "var"
    assert problem.startswith(f"DATA_DIRECTORY: không ghi được vào {directory} | cannot write to {directory}")


def test_every_problem_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    problems = problems_of(
        tmp_path / "file" / "var",
        DATABASE_URL="mysql://u@h/d",
        SECRET_KEY_FILE=str(tmp_path / "absent"),
        PORT="70000",
        TRUSTED_PROXIES="-1",
        WEB_CONCURRENCY="many",
        PUBLIC_ADDRESS="khaosat.example.vn",
    )

    assert [problem.split(":")[0] for problem in problems] == [
        "DATA_DIRECTORY",
        "DATABASE_URL",
        "SECRET_KEY_FILE",
        "PORT",
        "WEB_CONCURRENCY",
        "TRUSTED_PROXIES",
        "PUBLIC_ADDRESS",
    ]
    assert not any("\n" in problem for problem in problems)
    assert all(problem.count(" | ") == 1 for problem in problems)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "eighty", "8000.5", "８０", " 80"])
def test_impossible_port_is_refused(tmp_path: Path, port: str) -> None:
    (problem,) = problems_of(tmp_path, PORT=port)

    assert problem == (
        f"PORT: cần số nguyên từ 1 đến 65535, không phải {port!r} | "
        f"a whole number from 1 to 65535 is needed, not {port!r}"
    )


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "postgresql://host:port/name",
        "mysql://user@host/name",
        "postgresql+psycopg2://host/name",
        "sqlite+aiosqlite:///file.db",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///absent-directory/file.db",
        "sqlite:///file.db?mode=ro",
    ],
)
def test_broken_database_address_is_refused(tmp_path: Path, url: str) -> None:
    (problem,) = problems_of(tmp_path, DATABASE_URL=url)

    assert problem.startswith("DATABASE_URL:")
    assert " | " in problem


def test_directory_is_no_database(tmp_path: Path) -> None:
    assert problems_of(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}") == [
        f"DATABASE_URL: {tmp_path} là thư mục | {tmp_path} is a directory"
    ]


def test_old_name_of_postgresql_is_understood(tmp_path: Path) -> None:
    settings = read(tmp_path, DATABASE_URL="postgres://user:pass@host/name")

    assert settings.database_url == "postgresql://user:pass@host/name"


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("https://khaosat.quangtri.gov.vn", "https://khaosat.quangtri.gov.vn"),
        ("https://KhaoSat.QuangTri.gov.vn/", "https://khaosat.quangtri.gov.vn"),
        ("https://khaosat.quangtri.gov.vn:443", "https://khaosat.quangtri.gov.vn"),
        ("http://10.0.0.5:8080", "http://10.0.0.5:8080"),
        ("http://may-chu", "http://may-chu"),
        ("http://may-chu:", "http://may-chu"),
    ],
)
def test_public_address_is_kept_in_one_form(tmp_path: Path, given: str, address: str) -> None:
    assert read(tmp_path, PUBLIC_ADDRESS=given).public_address == address


@pytest.mark.parametrize(
    "given",
    [
        "khaosat.example.vn",
        "ftp://khaosat.example.vn",
        "https://",
        "https:///khao-sat",
        "https://khaosat.example.vn/khao-sat",
        "https://khaosat.example.vn?a=b",
        "https://khaosat.example.vn#a",
        "https://khaosat.example.vn/?",
        "https://user@khaosat.example.vn",
        "https://khaosat.example.vn:0",
        "https://khaosat.example.vn:70000",
        "https://khảosát.vn",
        "https://khao_sat.example.vn",
        "https://khaosat..vn",
        "https://-khaosat.vn",
        "https://[::1]",
        "https://[",
        "https://khaosat.example.vn\n",
        " https://khaosat.example.vn",
        "https:\\\\khaosat.example.vn",
    ],
)
def test_impossible_public_address_is_refused(tmp_path: Path, given: str) -> None:
    (problem,) = problems_of(tmp_path, PUBLIC_ADDRESS=given)

    assert problem.startswith("PUBLIC_ADDRESS: cần http:// hoặc https:// và tên máy chủ")
    assert " | http:// or https:// and a host are needed" in problem
    assert problem.endswith(f"not {given!r}")


def test_any_host_is_answered_until_the_public_one_is_known(tmp_path: Path) -> None:
    assert read(tmp_path).trusted_hosts is None


def test_only_the_public_host_and_this_machine_are_answered_then(tmp_path: Path) -> None:
    settings = read(tmp_path, PUBLIC_ADDRESS="https://khaosat.example.vn:8443", HOST="10.0.0.5")

    assert settings.trusted_hosts == ["khaosat.example.vn", "localhost", "127.0.0.1", "10.0.0.5"]


def test_empty_variables_count_as_absent(tmp_path: Path) -> None:
    settings = read(tmp_path, PORT="", HOST="", SECRET_KEY="", DATABASE_URL="", PUBLIC_ADDRESS="")

    assert settings.address == "127.0.0.1:8000"
    assert settings.public_address is None


@pytest.mark.parametrize(("host", "address"), [("0.0.0.0", "0.0.0.0:8000"), ("::1", "[::1]:8000")])
def test_address_can_stand_in_a_url(tmp_path: Path, host: str, address: str) -> None:
    assert read(tmp_path, HOST=host).address == address


def test_secrets_are_not_shown_where_settings_are_printed(tmp_path: Path) -> None:
    settings = read(tmp_path, SECRET_KEY="hush" * 8, DATABASE_URL="postgresql://user:hush@host/name")

    assert "hush" not in repr(settings)


def test_silence_of_devices_is_a_setting(tmp_path: Path) -> None:
    assert read(tmp_path).silence_minutes == 60
    assert read(tmp_path, SILENCE_MINUTES="90").silence_minutes == 90
    with pytest.raises(SettingsFaulty):
        read(tmp_path, SILENCE_MINUTES="0")
