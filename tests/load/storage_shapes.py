"""Compares three shapes in which the answers of a response can be stored; ADR 0003 keeps the figures.

    python -m tests.load.storage_shapes DATABASE_URL…

Shapes: one row an answer; a JSON document a response; a text with one character a rated item. Each is
written with one transaction a response, then filled in bulk and read into the counts that every index needs
(satisfied and valid answers by unit and item). Rounds alternate between the shapes; the ratios are to the
first shape.
"""

import json
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, Engine, create_engine, event, text

ITEMS, UNITS, BULK, SINGLE, ROUNDS = 31, 100, 40_000, 300, 5
Responses = list[tuple[uuid.UUID, int, "np.ndarray"]]


@dataclass(frozen=True)
class Shape:
    """How one shape is made, written and read."""

    name: str
    tables: tuple[str, ...]
    write: Callable[[Connection, Responses], None]
    count: Callable[[Connection], "np.ndarray"]


def _write_rows(connection: Connection, responses: Responses) -> None:
    connection.execute(
        text("INSERT INTO long_response VALUES (:id, :unit)"),
        [{"id": key.hex, "unit": unit} for key, unit, _ in responses],
    )
    connection.execute(
        text("INSERT INTO long_answer VALUES (:id, :item, :code)"),
        [
            {"id": key.hex, "item": item, "code": int(code)}
            for key, _, codes in responses
            for item, code in enumerate(codes)
        ],
    )


def _count_rows(connection: Connection) -> np.ndarray:
    rows = connection.execute(
        text(
            "SELECT unit, item, SUM(CASE WHEN code >= 4 THEN 1 ELSE 0 END) FROM long_answer "
            "JOIN long_response USING (id) WHERE code > 0 GROUP BY unit, item"
        )
    ).all()
    counts = np.zeros((UNITS, ITEMS), dtype=np.int64)
    for unit, item, satisfied in rows:
        counts[unit, item] = satisfied
    return counts


def _write_json(connection: Connection, responses: Responses) -> None:
    connection.execute(
        text("INSERT INTO json_response VALUES (:id, :unit, :answers)"),
        [
            {
                "id": key.hex,
                "unit": unit,
                "answers": json.dumps({f"q{item:02d}": int(code) for item, code in enumerate(codes)}),
            }
            for key, unit, codes in responses
        ],
    )


def _count_json(connection: Connection) -> np.ndarray:
    counts = np.zeros((UNITS, ITEMS), dtype=np.int64)
    for unit, answers in connection.execute(text("SELECT unit, answers FROM json_response")):
        document = json.loads(answers) if isinstance(answers, str) else answers
        counts[unit] += np.fromiter(document.values(), dtype=np.int8, count=ITEMS) >= 4
    return counts


def _write_text(connection: Connection, responses: Responses) -> None:
    connection.execute(
        text("INSERT INTO text_response VALUES (:id, :unit, :ratings)"),
        [
            {"id": key.hex, "unit": unit, "ratings": "".join(map(str, codes.tolist()))}
            for key, unit, codes in responses
        ],
    )


def _count_text(connection: Connection) -> np.ndarray:
    rows = connection.execute(text("SELECT unit, ratings FROM text_response")).all()
    units = np.array([unit for unit, _ in rows])
    characters = np.frombuffer("".join(ratings for _, ratings in rows).encode(), dtype=np.uint8)
    satisfied = characters.reshape(len(rows), ITEMS) >= ord("4")
    return np.stack(
        [np.bincount(units, weights=satisfied[:, item], minlength=UNITS) for item in range(ITEMS)], axis=1
    ).astype(np.int64)


def _shapes(json_type: str) -> list[Shape]:
    return [
        Shape(
            "one row an answer",
            (
                "CREATE TABLE long_response (id CHAR(32) PRIMARY KEY, unit INTEGER NOT NULL)",
                "CREATE TABLE long_answer (id CHAR(32) NOT NULL, item SMALLINT NOT NULL, "
                "code SMALLINT NOT NULL, PRIMARY KEY (id, item))",
            ),
            _write_rows,
            _count_rows,
        ),
        Shape(
            "JSON a response",
            (
                f"CREATE TABLE json_response (id CHAR(32) PRIMARY KEY, unit INTEGER NOT NULL, "
                f"answers {json_type} NOT NULL)",
            ),
            _write_json,
            _count_json,
        ),
        Shape(
            "text of fixed order",
            (
                "CREATE TABLE text_response (id CHAR(32) PRIMARY KEY, unit INTEGER NOT NULL, "
                "ratings VARCHAR NOT NULL)",
            ),
            _write_text,
            _count_text,
        ),
    ]


def measure(url: str) -> None:
    """Print a table for one database."""
    engine = create_engine(url)
    is_sqlite = engine.dialect.name == "sqlite"
    if is_sqlite:
        event.listen(engine, "connect", _durable_sqlite)
    shapes = _shapes("TEXT" if is_sqlite else "JSONB")
    rng = np.random.default_rng(1)
    single: dict[str, list[float]] = {shape.name: [] for shape in shapes}
    sizes: dict[str, float] = {}
    reads: dict[str, list[float]] = {shape.name: [] for shape in shapes}
    for shape in shapes:
        with engine.begin() as connection:
            for table in shape.tables:
                connection.execute(text(table))
    for _ in range(ROUNDS):
        for shape in shapes:
            responses = _draw(rng, SINGLE)
            start = time.perf_counter()
            for response in responses:
                with engine.begin() as connection:
                    shape.write(connection, [response])
            single[shape.name].append(SINGLE / (time.perf_counter() - start))
    for shape in shapes:
        before = _size(engine)
        with engine.begin() as connection:
            shape.write(connection, _draw(rng, BULK))
        sizes[shape.name] = (_size(engine) - before) / BULK
    for _ in range(ROUNDS):
        for shape in shapes:
            with engine.connect() as connection:
                start = time.perf_counter()
                shape.count(connection)
                reads[shape.name].append(time.perf_counter() - start)
    _print(engine.dialect.name, shapes, single, sizes, reads)
    engine.dispose()


def _durable_sqlite(connection: object, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]


def _draw(rng: np.random.Generator, count: int) -> Responses:
    codes = rng.integers(1, 6, (count, ITEMS))
    return [(uuid.UUID(bytes=rng.bytes(16)), int(rng.integers(UNITS)), codes[row]) for row in range(count)]


def _size(engine: Engine) -> int:
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            pages, size = (
                connection.execute(text(f"PRAGMA {name}")).scalar_one()
                for name in ("page_count", "page_size")
            )
            return int(pages * size)
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def _print(
    dialect: str,
    shapes: list[Shape],
    single: dict[str, list[float]],
    sizes: dict[str, float],
    reads: dict[str, list[float]],
) -> None:
    first = shapes[0].name
    print(f"{dialect}: {BULK + SINGLE * ROUNDS} responses of {ITEMS} items, medians of {ROUNDS}")
    titles = ("writes/s", "ratio", "bytes/response", "ratio", "read s", "ratio")
    print(f"{'shape':22}" + "".join(f"{title:>{len(title) + 2}}" for title in titles))
    for shape in shapes:
        writes, read = statistics.median(single[shape.name]), statistics.median(reads[shape.name])
        values = (
            f"{writes:.0f}",
            f"{writes / statistics.median(single[first]):.2f}",
            f"{sizes[shape.name]:.0f}",
            f"{sizes[shape.name] / sizes[first]:.2f}",
            f"{read:.3f}",
            f"{read / statistics.median(reads[first]):.2f}",
        )
        columns = (f"{value:>{len(title) + 2}}" for value, title in zip(values, titles, strict=True))
        print(f"{shape.name:22}" + "".join(columns))


if __name__ == "__main__":
    for address in sys.argv[1:]:
        measure(address)
