"""A sample of applications: seeded, with statements over twelve months, and what each is expected to come to."""
