"""Whether an applicant qualifies for funding: one check with several steps, each with rules and a policy of its own."""
