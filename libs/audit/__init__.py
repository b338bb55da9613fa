"""Audit: what was decided is found again, run again, written down for an auditor, and run under other policies."""
