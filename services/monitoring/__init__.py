"""Monitoring: who is watched once they were taken on, for what, and what has come up about them."""
