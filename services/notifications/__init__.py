"""Notifications: outside services are told what a workflow has come to, once in effect, however often it is tried."""
