"""The start page: mentee, mentor and coordinators side by side, and the clock."""

from sandbox.start.app import create_app

__all__ = ["create_app"]
