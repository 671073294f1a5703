"""The words everyone shares: pure models and rules. Imports nothing else of Muster."""
