"""What is found in bank statements: whether they are whole and unchanged, and what they say of the account. Pure."""
