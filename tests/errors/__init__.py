"""What authors write wrongly, and what they are told."""
