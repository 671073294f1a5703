"""The web front door: people ask for a mentor here, and see where their request stands."""
