"""The operators' console: executions, what was refused or held back, lag, lists and their receipts."""
