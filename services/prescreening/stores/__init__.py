"""What is kept: the book of loans with what is reserved on it, and what applications had in common."""
