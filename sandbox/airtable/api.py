"""Airtable's Web API over HTTP: https://airtable.com/developers/web/api/introduction."""

import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.airtable import errors
from sandbox.airtable.cells import RowValues, shown
from sandbox.airtable.errors import AirtableError
from sandbox.airtable.formula.values import to_text
from sandbox.airtable.limits import RateLimits
from sandbox.airtable.queries import (
    Listing,
    Shape,
    parse_query,
    parse_shape,
    query_from_url,
)
from sandbox.airtable.records import Fields, Records
from sandbox.airtable.schema import Base, Table, describe_base, stable_id
from sandbox.airtable.store import Row, Store
from sandbox.control import Call

MAX_BATCH = 10
MAX_BODY = 4 * 1024 * 1024
"""Bytes; ten rows of the longest texts fit."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Api:
    """What the handlers work with."""

    bases: Mapping[str, Base]
    store: Store
    records: Mapping[str, Records]
    """By base id."""
    listing: Listing
    limits: RateLimits
    token: str


API = web.AppKey("airtable_api", Api)


def add_routes(app: web.Application) -> None:
    app.middlewares.append(_errors)
    router = app.router
    router.add_get("/v0/meta/whoami", _whoami)
    router.add_get("/v0/meta/bases", _list_bases)
    router.add_get("/v0/meta/bases/{base}/tables", _list_tables)
    router.add_post("/v0/{base}/{table}/listRecords", _list_by_post)
    router.add_get("/v0/{base}/{table}", _list)
    router.add_post("/v0/{base}/{table}", _create)
    router.add_patch("/v0/{base}/{table}", _update_batch)
    router.add_put("/v0/{base}/{table}", _update_batch)
    router.add_delete("/v0/{base}/{table}", _delete_batch)
    router.add_get("/v0/{base}/{table}/{record}", _get)
    router.add_patch("/v0/{base}/{table}/{record}", _update)
    router.add_put("/v0/{base}/{table}/{record}", _update)
    router.add_delete("/v0/{base}/{table}/{record}", _delete)
    router.add_route("*", "/v0/{anything:.*}", _nowhere)


async def identify(request: web.Request) -> Call | None:
    """The operation's name for faults and the log: `GET records`, `PATCH records (upsert)` …

    Its parameters are the base, the table by name, how many records, and for an upsert the values
    that rows are merged on (`keys`); no other cell is kept.
    """
    if not request.path.startswith("/v0/"):
        return None
    base_id, table_name = request.match_info.get("base"), request.match_info.get("table")
    if base_id is None or table_name is None:
        return Call("meta", {"path": request.path})
    api = request.config_dict[API]
    base = api.bases.get(base_id)
    table = base.find(table_name) if base else None
    params: dict[str, Any] = {"base": base_id, "table": table.name if table else table_name}
    if record := request.match_info.get("record"):
        return Call(f"{request.method} record", {**params, "record": record})
    if request.path.endswith("/listRecords"):
        return Call("GET records", params)
    suffix = ""
    if request.method in ("POST", "PATCH", "PUT"):
        written = await _written(request)
        params.update(written)
        suffix = " (upsert)" if "keys" in written else ""
    return Call(f"{request.method} records{suffix}", params)


async def _written(request: web.Request) -> dict[str, Any]:
    """How many records a request writes and, for an upsert, the values that rows merge on."""
    try:
        body = await _body(request)
    except AirtableError:
        return {}
    records = body.get("records")
    if not isinstance(records, list):
        return {"count": 1}
    upsert = body.get("performUpsert")
    if not isinstance(upsert, dict):
        return {"count": len(records)}
    return {"count": len(records), "keys": _merge_values(upsert, records)}


def _merge_values(upsert: Mapping[str, Any], records: list[Any]) -> list[str]:
    names = upsert.get("fieldsToMergeOn")
    names = names if isinstance(names, list) else []
    fields = [r["fields"] for r in records if isinstance(r, dict) and _is_fields(r.get("fields"))]
    return ["|".join(str(given.get(name)) for name in names) for given in fields]


def error_response(code: str, status: int | None) -> web.Response:
    """An error on demand, in Airtable's shape."""
    error = AirtableError(status or 422, code, "An error on demand")
    return web.json_response(error.body(), status=error.status)


@web.middleware
async def _errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Checks token, rate limits and size, and words errors as Airtable does."""
    if not request.path.startswith("/v0/"):
        return await handler(request)
    try:
        _admit(request)
        return await handler(request)
    except AirtableError as error:
        return web.json_response(error.body(), status=error.status)


def _admit(request: web.Request) -> None:
    api = request.config_dict[API]
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    known = hmac.compare_digest(token.strip().encode(), api.token.encode())
    if scheme.lower() != "bearer" or not known:
        raise errors.not_authenticated()
    if (request.content_length or 0) > MAX_BODY:
        raise errors.too_large()
    if (base_id := request.match_info.get("base")) is not None:
        api.limits.spend(base_id, token)


def _where(request: web.Request) -> tuple[Api, Base, Table]:
    api = request.config_dict[API]
    base = api.bases.get(request.match_info["base"])
    table = base.find(request.match_info["table"]) if base else None
    if base is None or table is None:
        raise errors.no_such_model()
    return api, base, table


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read())
    except ValueError:
        raise errors.bad_json() from None
    except web.HTTPRequestEntityTooLarge:
        raise errors.too_large() from None
    if not isinstance(body, dict):
        raise errors.bad_json()
    return body


def _is_fields(value: Any) -> bool:
    return isinstance(value, dict)


def _fields(body: Mapping[str, Any]) -> Fields:
    if "fields" not in body:
        raise errors.missing_fields()
    fields = body["fields"]
    if not isinstance(fields, dict):
        raise errors.bad_parameters()
    return fields


def _batch(body: Mapping[str, Any], *, with_ids: bool) -> list[dict[str, Any]]:
    """The records of a batch, each an object with `fields`."""
    batch = body.get("records")
    if not isinstance(batch, list) or not 1 <= len(batch) <= MAX_BATCH:
        raise errors.bad_records(with_ids)
    for record in batch:
        if not isinstance(record, dict) or not _is_fields(record.get("fields")):
            raise errors.bad_records(with_ids)
        if (with_ids or "id" in record) and not isinstance(record.get("id"), str):
            raise errors.bad_records(with_ids)
    return batch


def _typecast(body: Mapping[str, Any]) -> bool:
    typecast = body.get("typecast", False)
    if not isinstance(typecast, bool):
        raise errors.bad_parameters()
    return typecast


def render(api: Api, base: Base, table: Table, row: Row, shape: Shape) -> dict[str, Any]:
    """A record as the API shows it; empty cells are left out."""
    fields = {}
    values = RowValues(base, table, row, api.store.row)
    for column in table.fields:
        if shape.columns is not None and column.name not in shape.columns:
            continue
        value = shown(table, row, column)
        if value is not None:
            key = table.ids[column.name] if shape.by_field_id else column.name
            fields[key] = to_text(values[column.name]) if shape.as_text else value
    return {"id": row.id, "createdTime": row.created, "fields": fields}


def _rendered(
    where: tuple[Api, Base, Table], rows: list[Row], shape: Shape
) -> list[dict[str, Any]]:
    api, base, table = where
    return [render(api, base, table, row, shape) for row in rows]


async def _list(request: web.Request) -> web.Response:
    return _answer_list(request, query_from_url(request.query))


async def _list_by_post(request: web.Request) -> web.Response:
    # The zone and language of `cellFormat=string` come in the address even here.
    return _answer_list(request, {**request.query, **await _body(request)})


def _answer_list(request: web.Request, wish: Mapping[str, Any]) -> web.Response:
    api, base, table = where = _where(request)
    query = parse_query(table, wish)
    rows, offset = api.listing.page(base, table, query)
    answer: dict[str, Any] = {"records": _rendered(where, rows, query.shape)}
    if offset:
        answer["offset"] = offset
    return web.json_response(answer)


async def _get(request: web.Request) -> web.Response:
    api, base, table = _where(request)
    row = api.records[base.id].get(table, request.match_info["record"])
    shape = parse_shape(table, query_from_url(request.query))
    return web.json_response(render(api, base, table, row, shape))


async def _create(request: web.Request) -> web.Response:
    api, base, table = where = _where(request)
    body = await _body(request)
    many = "records" in body
    new = [r["fields"] for r in _batch(body, with_ids=False)] if many else [_fields(body)]
    shape = parse_shape(table, _display_options(body))
    rows = api.records[base.id].create(table, new, typecast=_typecast(body))
    shown_rows = _rendered(where, rows, shape)
    return web.json_response({"records": shown_rows} if many else shown_rows[0])


async def _update(request: web.Request) -> web.Response:
    api, base, table = where = _where(request)
    body = await _body(request)
    row = api.records[base.id].get(table, request.match_info["record"])
    rows = api.records[base.id].update(
        table,
        [(row.id, _fields(body))],
        replace=request.method == "PUT",
        typecast=_typecast(body),
    )
    return web.json_response(_rendered(where, rows, parse_shape(table, _display_options(body)))[0])


async def _update_batch(request: web.Request) -> web.Response:
    api, base, table = where = _where(request)
    body = await _body(request)
    records, replace, typecast = api.records[base.id], request.method == "PUT", _typecast(body)
    shape = parse_shape(table, _display_options(body))
    if body.get("performUpsert") is None:
        changes = [(r["id"], r["fields"]) for r in _batch(body, with_ids=True)]
        rows = records.update(table, changes, replace=replace, typecast=typecast)
        return web.json_response({"records": _rendered(where, rows, shape)})
    upserted = records.upsert(
        table,
        [(r.get("id"), r["fields"]) for r in _batch(body, with_ids=False)],
        _merge_on(body["performUpsert"]),
        replace=replace,
        typecast=typecast,
    )
    return web.json_response(
        {
            "records": _rendered(where, upserted.rows, shape),
            "createdRecords": upserted.created,
            "updatedRecords": upserted.updated,
        }
    )


def _display_options(body: Mapping[str, Any]) -> dict[str, Any]:
    """A write answers with all fields; only their keys can be chosen."""
    return {"returnFieldsByFieldId": body.get("returnFieldsByFieldId", False)}


def _merge_on(upsert: Any) -> list[str]:
    names = upsert.get("fieldsToMergeOn") if isinstance(upsert, dict) else None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise errors.bad_parameters()
    return names


async def _delete(request: web.Request) -> web.Response:
    api, base, table = _where(request)
    record = request.match_info["record"]
    api.records[base.id].delete(table, [record], missing=errors.no_such_record())
    return web.json_response({"id": record, "deleted": True})


async def _delete_batch(request: web.Request) -> web.Response:
    api, base, table = _where(request)
    row_ids = [*request.query.getall("records[]", []), *request.query.getall("records", [])]
    if not 1 <= len(row_ids) <= MAX_BATCH:
        raise errors.bad_parameters()
    missing = errors.no_such_record()
    api.records[base.id].delete(table, list(dict.fromkeys(row_ids)), missing=missing)
    return web.json_response({"records": [{"id": i, "deleted": True} for i in row_ids]})


async def _whoami(request: web.Request) -> web.Response:
    scopes = ["data.records:read", "data.records:write", "schema.bases:read"]
    return web.json_response({"id": stable_id("usr", "sandbox"), "scopes": scopes})


async def _list_bases(request: web.Request) -> web.Response:
    api = request.config_dict[API]
    listed = [
        {"id": base.id, "name": base.name, "permissionLevel": "create"}
        for base in api.bases.values()
    ]
    return web.json_response({"bases": listed})


async def _list_tables(request: web.Request) -> web.Response:
    api = request.config_dict[API]
    base = api.bases.get(request.match_info["base"])
    if base is None:
        raise errors.no_such_model()
    return web.json_response(describe_base(base, api.store.choices))


async def _nowhere(request: web.Request) -> web.Response:
    raise errors.no_such_route()
