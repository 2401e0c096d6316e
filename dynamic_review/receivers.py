"""What rooms below tell of awards, people and review cases."""
