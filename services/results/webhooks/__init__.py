"""Webhooks: customers are told over HTTP what has come of their persons, signed, in order, until they have it."""
