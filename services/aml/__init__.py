"""Sanctions screening: is this person on a watchlist?"""
