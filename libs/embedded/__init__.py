"""The real broker and the real database that `make run` and the tests start from PyPI packages alone."""
