"""Duplicates: has the customer taken on this person before?"""
