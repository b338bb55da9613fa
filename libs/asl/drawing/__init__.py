"""Pictures of machines, as SVG."""
