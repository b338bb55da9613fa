"""How alike two names, dates or addresses are, with the slips that people make."""
