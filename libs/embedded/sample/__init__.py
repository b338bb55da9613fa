"""Sample people of all kinds, each with the outcome that they are made to have, and a command that onboards them."""
