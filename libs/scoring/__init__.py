"""Points added up: what risk and results share."""
