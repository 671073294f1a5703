"""What the tests of workflows stand on besides ``tests/conftest.py``."""

from tests.patience import busy_machines_are_waited_for

__all__ = ["busy_machines_are_waited_for"]
