"""The eight kinds of state."""
