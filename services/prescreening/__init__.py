"""Whether an applicant qualifies for funding: each check of an application, with the figures that decided it."""
