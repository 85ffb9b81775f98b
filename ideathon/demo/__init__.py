"""The Engure demo day: its data, loading it, and playing it as people do."""
