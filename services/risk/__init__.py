"""Risk: how much risk the person brings, by a profile that a compliance officer can read and edit."""
