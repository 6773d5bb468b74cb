"""What every test may ask for; the fixtures themselves are in tests/fixtures, one module a subject."""

pytest_plugins = (
    "tests.fixtures.shared",
    "tests.fixtures.postgresql",
    "tests.fixtures.databases",
    "tests.fixtures.passwords",
    "tests.fixtures.applications",
    "tests.fixtures.servers",
    "tests.fixtures.browsers",
    "tests.fixtures.networks",
)
