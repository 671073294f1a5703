"""Airtable in Muster's words: table and field names, a catalogue to read from, a writer."""
