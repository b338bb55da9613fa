"""Manual review: cases that an execution waits for, and the reviewers who decide them."""
