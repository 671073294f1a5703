"""What people press, type and open in Slack becomes decisions on Temporal's disk.

Every listener parses, decides, acknowledges and says; Slack is told "done" only after that.
"""

from slack_app.app import create_app

__all__ = ["create_app"]
