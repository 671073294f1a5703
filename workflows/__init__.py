"""Durable workflows. They import domain, and activity classes to name what they call."""
