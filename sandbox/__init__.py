"""Stand-ins for Slack and Airtable that speak their wire protocols, and the sandbox's start page.

Everything here is invented and local: nothing leaves the machine. The package imports nothing
of the product itself, which talks to it only over HTTP.
"""
