"""Decision: what the evidence comes to, by a policy that a compliance officer can read and edit."""
