"""Purging: what is kept of a deleted person is removed once no law asks for it any more."""
