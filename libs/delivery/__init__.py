"""Delivering over HTTP: signed, to addresses that may be reached, tried again for a day, each attempt noted."""
