"""Words: those people write, those we write back."""
