"""Sessions: one commit on success, nothing on failure, a refusal that is written down, outages by name."""

from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from survey.models import Measure
from survey.store.database import Database, DatabaseUnreachable, RecordedRefusal, Session


def add_measure(session: Session, code: str = "m") -> None:
    session.add(Measure(code=code, name_vi=code, name_en=code, position=1))
    session.flush()


def measures(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(Measure.code)))


def test_writing_commits_once_at_the_end(database: Database) -> None:
    with database.write() as session:
        add_measure(session)
        assert measures(database) == []

    assert measures(database) == ["m"]


def add_and_fail(database: Database, error: Exception) -> None:
    with database.write() as session:
        add_measure(session)
        raise error


def test_error_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(KeyError):
        add_and_fail(database, KeyError())

    assert measures(database) == []


def test_refusal_keeps_what_was_written_down_about_it(database: Database) -> None:
    with pytest.raises(RecordedRefusal):
        add_and_fail(database, RecordedRefusal())

    assert measures(database) == ["m"]


def test_reading_changes_nothing(database: Database) -> None:
    with database.read() as session:
        add_measure(session)

    assert measures(database) == []


def test_writer_is_free_again_after_an_error(database: Database) -> None:
    for code in ("a", "a"):
        try:
            with database.write() as session:
                add_measure(session, code)
        except IntegrityError:
            continue

    with database.write() as session:
        add_measure(session, "b")
    assert sorted(measures(database)) == ["a", "b"]


def test_reachable_database_passes_the_check(database: Database) -> None:
    database.check()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_is_durable_and_keeps_its_foreign_keys(database: Database) -> None:
    with database.write() as session:
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        found = [session.scalar(text(f"PRAGMA {name}")) for name in names]

    assert found == ["wal", 2, 1, 1]


def test_errors_do_not_show_what_was_to_be_stored(database: Database) -> None:
    with database.write() as session:
        add_measure(session, "twice")

    with pytest.raises(IntegrityError) as caught, database.write() as session:
        session.execute(insert(Measure).values(code="twice", name_vi="hush", name_en="hush", position=1))

    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("content", [b"no database at all, but long enough to be taken for one" * 30, None])
def test_useless_sqlite_file_is_named_in_one_line(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "hailong.db"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    database = Database(f"sqlite:///{file}")

    with pytest.raises(DatabaseUnreachable) as caught:
        database.check()

    assert "\n" not in str(caught.value)
    database.dispose()


def test_server_that_is_down_is_named_in_one_line(tmp_path: Path) -> None:
    database = Database(f"postgresql://nobody@/absent?host={tmp_path}")

    with pytest.raises(DatabaseUnreachable) as caught:
        database.check()

    assert "\n" not in str(caught.value)
    database.dispose()
