"""One way to connect to Temporal, with the same data converter everywhere."""

from __future__ import annotations

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.envconfig import ClientConfig

DEFAULT_ADDRESS = "localhost:7233"
DEFAULT_NAMESPACE = "muster"


async def connect(*, lazy: bool = False) -> Client:
    """Connect as the standard TEMPORAL_* variables say (ADDRESS, NAMESPACE, API_KEY, TLS).

    With ``lazy`` the connection is made by the first call: a web process starts, and can say in
    plain words that Temporal is away, even while it is.

    Raises:
        RuntimeError: Temporal does not answer.
    """
    config = ClientConfig.load_client_connect_config()
    config.setdefault("target_host", DEFAULT_ADDRESS)
    config.setdefault("namespace", DEFAULT_NAMESPACE)
    return await Client.connect(**config, data_converter=pydantic_data_converter, lazy=lazy)
