"""Financial statements of companies: read, added up, and the figures of their years."""
