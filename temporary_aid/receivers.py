"""What rooms below tell of cases and families."""
