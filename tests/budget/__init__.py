"""The sending budget."""
