"""Those who work here: who they are, how they log in, what each may do, and a trail of it that stays."""
