"""The backoffice: the queue and the cases as pages, for staff."""
