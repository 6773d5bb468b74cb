"""Measures the totals that a database adds up: python -m tests.load.database_engine [POSTGRESQL_URL].

The same select runs on SQLite, on PostgreSQL if an address is given, and on DuckDB over a Parquet file. Its
totals are compared with those that NumPy adds up from the rows. Seconds on the clock, since a server works
in a process of its own: medians of 5, in turns.
"""

from __future__ import annotations

import csv
import sqlite3
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
from sqlalchemy import Column, Engine, MetaData, Table, create_engine, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from survey.models import Response
from survey.store.sufficient_statistics import (
    GROUPS,
    CountedCodes,
    SufficientStatistics,
    as_statistics,
    build_query,
)
from survey.store.survey_data import decode_ratings
from tests.load.plots import draw_costs

OUT = Path("docs/studies")
ITEMS, UNITS, PSUS, SECTORS, ROUNDS = 20, 100, 1000, 5, 5
ANSWERS = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
COUNTED = [CountedCodes((1, 2, 3, 4, 5), (4, 5))] * ITEMS
COLUMNS = [column.name for column in Response.__table__.columns]
Deed = Callable[[], SufficientStatistics]


def main() -> None:
    address = sys.argv[1] if len(sys.argv) > 1 else None
    costs: dict[str, list[float]] = {}
    for answers in ANSWERS:
        with tempfile.TemporaryDirectory() as directory:
            file = Path(directory) / "response.csv"
            write_responses(file, answers // ITEMS)
            for name, seconds in measure(file, address).items():
                costs.setdefault(name, []).append(seconds)
        print(answers, {name: round(seconds[-1], 5) for name, seconds in costs.items()}, flush=True)
    draw_costs(ANSWERS, costs, OUT / "database-bench.png", xlabel="answers", ylabel="seconds, median")
    print(as_table(costs))


def measure(file: Path, address: str | None) -> dict[str, float]:
    """Time every way to the totals in turn; all must give the same."""
    sqlite = create_engine(f"sqlite:///{file.with_suffix('.db')}")
    load_sqlite(sqlite, file)
    engines = {"SQLite": sqlite}
    if address is not None:
        engines["PostgreSQL"] = create_engine(address)
        load_postgresql(engines["PostgreSQL"], file)
    with open_parquet(file) as parquet:
        deeds: dict[str, Deed] = {"DuckDB over Parquet: select": lambda: sum_in_duckdb(parquet)}
        for name, engine in engines.items():
            deeds[f"{name}: select"] = lambda engine=engine: sum_in_database(engine)
            deeds[f"floor: {name}: rows to NumPy"] = lambda engine=engine: sum_rows(engine)
        seconds = time_in_turns(deeds)
    for engine in engines.values():
        engine.dispose()
    return seconds


def time_in_turns(deeds: Mapping[str, Deed]) -> dict[str, float]:
    first = {name: deed() for name, deed in deeds.items()}
    reference, *others = first.values()
    for totals in others:
        require_equal(totals, reference)
    taken: dict[str, list[float]] = {name: [] for name in deeds}
    for _ in range(ROUNDS):
        for name, deed in deeds.items():
            start = time.perf_counter()
            deed()
            taken[name].append(time.perf_counter() - start)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def require_equal(totals: SufficientStatistics, reference: SufficientStatistics) -> None:
    for name in ("unit_id", "sector_code", "stratum", "psu", "n", "valid_count"):
        np.testing.assert_array_equal(getattr(totals, name), getattr(reference, name))
    for name in ("weight", "valid_weight", "satisfied_weight"):
        np.testing.assert_allclose(getattr(totals, name), getattr(reference, name), rtol=1e-12)


def sum_in_database(engine: Engine) -> SufficientStatistics:
    with Session(engine) as session:
        rows = session.execute(build_query(1, 1, COUNTED)).all()
    return as_statistics([tuple(row) for row in rows], ITEMS)


def sum_in_duckdb(connection: duckdb.DuckDBPyConnection) -> SufficientStatistics:
    """Run the same select, written out as PostgreSQL would get it."""
    statement = build_query(1, 1, COUNTED).compile(
        dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
    )
    return as_statistics(connection.execute(str(statement)).fetchall(), ITEMS)


def sum_rows(engine: Engine) -> SufficientStatistics:
    """Fetch every row and add up with NumPy."""
    query = select(*GROUPS, Response.design_weight, Response.ratings).where(
        Response.round_id == 1, Response.questionnaire_version_id == 1
    )
    with Session(engine) as session:
        rows = session.execute(query).all()
    numbers: dict[tuple[object, ...], int] = {}
    groups = np.array([numbers.setdefault(tuple(row[:5]), len(numbers)) for row in rows])
    weights = np.array([row[5] for row in rows])
    ratings = decode_ratings(tuple(row[6] for row in rows), ITEMS)
    columns = [np.bincount(groups), np.bincount(groups, weights)]
    for item in range(ITEMS):
        valid, satisfied = ratings[:, item] >= 1, ratings[:, item] >= 4
        columns += [np.bincount(groups, each) for each in (valid, weights * valid, weights * satisfied)]
    totals = zip(*(column.tolist() for column in columns), strict=True)
    return as_statistics([(*key, *row) for key, row in zip(numbers, totals, strict=True)], ITEMS)


def write_responses(file: Path, count: int) -> None:
    """Draw responses, with all columns of the table, into a CSV file."""
    rng = np.random.default_rng(count)
    psus = rng.integers(0, PSUS, count)
    sectors = rng.integers(0, SECTORS, count)
    weights = rng.uniform(1.0, 3.0, count)
    codes = rng.integers(2, 6, (count, ITEMS), dtype=np.uint8) + ord("0")
    codes[rng.random((count, ITEMS)) < 0.1] = ord(".")
    ratings = np.ascontiguousarray(codes).view(f"S{ITEMS}").ravel().astype(str)
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for row in range(count):
            unit = int(psus[row]) // (PSUS // UNITS)
            values = {
                "id": uuid.UUID(int=int(rng.integers(1 << 62)) << 64 | row).hex,
                "round_id": 1,
                "questionnaire_version_id": 1,
                "unit_id": unit,
                "sector_code": f"sector-{sectors[row]}",
                "procedure_id": 1,
                "channel": "phone",
                "selection": "invited",
                "stratum": f"stratum-{unit}",
                "psu": f"psu-{psus[row]}",
                "design_weight": repr(float(weights[row])),
                "duration_band": "3_to_10m",
                "language": "vi",
                "received_on": "2026-09-01",
                "ratings": ratings[row],
                "details": '{"age": "30_39", "sex": "female"}',
                "expectation_percent": 90,
                "content_digest": "0" * 64,
                **dict.fromkeys(("device_id", "received_hour", "device_on", "device_hour"), ""),
                "clock_band": "unknown",
            }
            writer.writerow([values[name] for name in COLUMNS])


def make_table(engine: Engine) -> None:
    """Make the response table with its types and index, without what it refers to."""
    metadata = MetaData()
    columns = [
        Column(each.name, each.type, primary_key=each.primary_key, nullable=each.nullable, index=False)
        for each in Response.__table__.columns
    ]
    table = Table("response", metadata, *columns, sqlite_with_rowid=False)
    metadata.drop_all(engine)
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            f"CREATE INDEX ix_benchmark ON {table.name} (round_id, questionnaire_version_id)"
        )


def load_sqlite(engine: Engine, file: Path) -> None:
    make_table(engine)
    marks = ", ".join("?" * len(COLUMNS))
    with sqlite3.connect(str(engine.url.database)) as connection, file.open(encoding="utf-8") as stream:
        rows = csv.reader(stream)
        next(rows)
        connection.executemany(f"INSERT INTO response ({', '.join(COLUMNS)}) VALUES ({marks})", rows)


def load_postgresql(engine: Engine, file: Path) -> None:
    make_table(engine)
    with engine.begin() as connection:
        cursor = connection.connection.cursor()
        with cursor.copy(f"COPY response ({', '.join(COLUMNS)}) FROM STDIN (FORMAT csv, HEADER)") as copy:
            copy.write(file.read_bytes())
        connection.exec_driver_sql("ANALYZE response")


@contextmanager
def open_parquet(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Turn the CSV into the Parquet file of an export, and call it response."""
    parquet = file.with_suffix(".parquet")
    connection = duckdb.connect()
    try:
        connection.execute(f"COPY (SELECT * FROM read_csv('{file}')) TO '{parquet}' (FORMAT parquet)")
        connection.execute(f"CREATE VIEW response AS SELECT * FROM read_parquet('{parquet}')")
        yield connection
    finally:
        connection.close()


def as_table(costs: Mapping[str, list[float]]) -> str:
    """Give the seconds as Markdown."""
    lines = ["| answers | " + " | ".join(costs) + " |", "|---" * (len(costs) + 1) + "|"]
    lines += [
        f"| {answers} | " + " | ".join(f"{seconds[place]:.3f}" for seconds in costs.values()) + " |"
        for place, answers in enumerate(ANSWERS)
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
