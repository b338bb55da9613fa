"""What those who work here may do."""

REVIEWER, SUPERVISOR, OPERATOR, ADMIN = "reviewer", "supervisor", "operator", "admin"
# Role: what it is for, as the commands tell it.
ROLES = {
    REVIEWER: "sees cases and decides them",
    SUPERVISOR: "also hands cases over, and is the second person where the policy asks for one",
    OPERATOR: "sees to executions, dead letters and what is quarantined",
    ADMIN: "sees the trail of what staff have done",
}
