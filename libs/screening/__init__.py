"""Screening of names against watchlists: lists read, candidates found, and scored with what qualifies them."""
