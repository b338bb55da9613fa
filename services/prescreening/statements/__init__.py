"""Bank statements in the forms that banks write, read into one."""
