"""Makes a Temporal namespace fit for Muster: ``python -m clients.namespace``, safe to repeat."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    RegisterNamespaceRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from clients.temporal import connect
from domain import search_attributes

RETENTION = timedelta(days=90)
"""How long a closed request can still be looked at (DESIGN §7)."""
PATIENCE = timedelta(seconds=30)
"""How long a namespace may take to be known to every part of the server."""


async def prepare(client: Client) -> None:
    """Create the client's namespace if need be; set its retention and search attributes.

    Raises:
        RPCError: Temporal is away or refuses.
        TimeoutError: parts of the server did not learn of the namespace in time.
    """
    await _ensure_namespace(client)
    await _ensure_search_attributes(client)


async def _ensure_namespace(client: Client) -> None:
    retention = Duration()
    retention.FromTimedelta(RETENTION)
    try:
        now = await client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace=client.namespace)
        )
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        await client.workflow_service.register_namespace(
            RegisterNamespaceRequest(
                namespace=client.namespace,
                description="Muster: mentorship requests",
                workflow_execution_retention_period=retention,
            )
        )
        return
    if now.config.workflow_execution_retention_ttl != retention:
        change = UpdateNamespaceRequest(namespace=client.namespace)
        change.config.workflow_execution_retention_ttl.CopyFrom(retention)
        await client.workflow_service.update_namespace(change)


async def _ensure_search_attributes(client: Client) -> None:
    async with asyncio.timeout(PATIENCE.total_seconds()):
        while True:
            try:
                if not (missing := await _missing_search_attributes(client)):
                    return
                await client.operator_service.add_search_attributes(
                    AddSearchAttributesRequest(
                        namespace=client.namespace, search_attributes=missing
                    )
                )
            except RPCError as error:
                if error.status not in _NOT_KNOWN_EVERYWHERE_YET:
                    raise
            await asyncio.sleep(0.2)


_NOT_KNOWN_EVERYWHERE_YET = (RPCStatusCode.NOT_FOUND, RPCStatusCode.ALREADY_EXISTS)
"""What parts of the server answer while their caches learn of a new namespace or attribute."""


async def _missing_search_attributes(
    client: Client,
) -> dict[str, IndexedValueType.ValueType]:
    listed = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    return {
        key.name: IndexedValueType.ValueType(key.indexed_value_type)
        for key in search_attributes.ALL
        if key.name not in listed.custom_attributes
    }


async def _main() -> None:
    client = await connect()
    await prepare(client)
    print(f"Namespace {client.namespace} is ready.")


if __name__ == "__main__":
    asyncio.run(_main())
