"""Asking somebody else over HTTP, as a document describes it: what is asked, what is understood, and how often."""
