"""Survey forms as data: the format, its checker, routing and answer parsing.

The package depends on nothing else of this product, so that a form author can
check a form without the web application.  The public names are those of the
modules `model`, `loader`, `checks`, `routing`, `answers` and `problems`.
"""
