"""The Flask application of hailong: collection, rounds, reports."""

__version__ = "0.1.0"
