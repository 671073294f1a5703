"""How Muster reaches Temporal, Slack and Airtable. Knows transport, not the rules."""
