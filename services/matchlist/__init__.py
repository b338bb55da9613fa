"""Matchlist: is the person on one of the lists that the customer keeps?"""
