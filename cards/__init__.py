"""What people read in Slack: pure functions from domain objects to Block Kit.

``render`` draws every message from a request as it stands; ``notice`` a private answer to a click;
``modals`` and ``home`` the views. Nothing here calls anybody or reads a clock.
"""

from cards.blocks import Card
from cards.notices import notice
from cards.render import render

__all__ = ["Card", "notice", "render"]
