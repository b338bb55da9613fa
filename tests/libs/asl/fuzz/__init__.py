"""Differential fuzzing: generated machines, run here and by moto's interpreter."""
