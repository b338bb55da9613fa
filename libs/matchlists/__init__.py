"""Customers' lists: what an entry may match on, and whether a person, or what is searched for, meets it."""
