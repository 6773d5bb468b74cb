"""Every way to the totals that the benchmark compares gives the same totals, DuckDB over Parquet too."""

from pathlib import Path

from sqlalchemy import create_engine

from tests.load.database_engine import (
    ITEMS,
    load_sqlite,
    open_parquet,
    require_equal,
    sum_in_database,
    sum_in_duckdb,
    sum_rows,
    write_responses,
)


def test_sqlite_numpy_and_duckdb_agree(tmp_path: Path) -> None:
    file = tmp_path / "response.csv"
    write_responses(file, 300)
    engine = create_engine(f"sqlite:///{tmp_path / 'response.db'}")
    load_sqlite(engine, file)

    by_database, by_numpy = sum_in_database(engine), sum_rows(engine)
    with open_parquet(file) as connection:
        by_parquet = sum_in_duckdb(connection)
    engine.dispose()

    assert by_database.n.sum() == 300
    assert by_database.satisfied_weight.shape == (len(by_database), ITEMS)
    require_equal(by_numpy, by_database)
    require_equal(by_parquet, by_database)
