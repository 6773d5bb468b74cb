"""Use cases: no Flask, no SQL; one commit each, made by whoever opened the session."""
