"""Everything that runs Muster on one machine: install, start, demo, reset."""
