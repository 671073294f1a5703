"""A stand-in for Slack that official SDKs work against, with a page on which to be any member."""

from sandbox.config import SlackStandInConfig
from sandbox.slack.app import create_app
from sandbox.slack.identity import Timing

__all__ = ["SlackStandInConfig", "Timing", "create_app"]
