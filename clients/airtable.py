"""Airtable as asyncio sees it: pyairtable on a few threads, paced per base, errors by type.

pyairtable's own retries are off (they re-send writes): Temporal retries. The token never appears
in a log, an error or a representation, and neither do the values of a refused row.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence, Sized
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, NoReturn, TypeVar

import requests
from pyairtable import Api

from clients.pace import Pace, PaceClosedError

MAX_ROWS = 10
"""Rows in one write (Airtable's limit)."""
CALLS_PER_WINDOW = 5
READS_PER_WINDOW = 2
"""Of these for reading, so that the form's process and this one may both fill a cold memory while
rows are written: they share the base's five."""
WINDOW = 1.05
"""Seconds. Airtable allows 5 calls a second and base; the rest is for jitter on the way."""
PENALTY = 30.0
"""Seconds without a call after a 429 (Airtable's rule)."""
PATIENCE = 2.0
"""Seconds of a penalty that a call waits out instead of failing."""
TIMEOUT = (3, 15)
"""Seconds to connect, and to wait for an answer."""
THREADS = 8
NO_SUCH_ROW = "ROW_DOES_NOT_EXIST"
"""Airtable's word for a record id, of a row or in a link, behind which there is nothing."""

Fields = Mapping[str, Any]
"""The cells of one row by field name, as JSON; None clears a cell."""

_Answer = TypeVar("_Answer")


class AirtableError(Exception):
    """Airtable did not do what it was asked."""


class AirtableSystemError(AirtableError, PermissionError):
    """Token, scope, base, table or quota: nothing will work until somebody mends it."""


class AirtableMissingError(AirtableSystemError):
    """No such base or table, or the token may not use it: Airtable does not tell which."""


class AirtableLacksFieldError(AirtableSystemError):
    """A table that can be read has no column named ``field``."""

    def __init__(self, told: str, field: str) -> None:
        super().__init__(told)
        self.field = field


class AirtableRateLimitError(AirtableError):
    """Too many calls: nothing may be sent for ``retry_after`` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"Airtable asks for a pause: try again in {retry_after:.0f} s")
        self.retry_after = retry_after


class AirtablePayloadError(AirtableError, ValueError):
    """What was sent can't be stored. ``field`` or ``value`` is what Airtable names, "" if not.

    ``value`` may be personal and is not part of the message.
    """

    def __init__(self, kind: str, *, field: str = "", value: str = "") -> None:
        about = f', field "{field}"' if field else ""
        super().__init__(f"Airtable refuses {kind}{about}")
        self.kind = kind
        self.field = field
        self.value = value

    @property
    def unknown_field(self) -> bool:
        """The table has no such field, whatever the value."""
        return self.kind == "UNKNOWN_FIELD_NAME"


class AirtableAwayError(AirtableError, ConnectionError):
    """No usable answer came; whether anything was done is unknown. Try again."""


class Airtable:
    """All calls to Airtable that this process makes; create it inside the event loop."""

    def __init__(
        self,
        token: str,
        *,
        endpoint_url: str = "https://api.airtable.com",
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._token = token
        self._endpoint_url = endpoint_url
        self._clock = clock
        self._sleep = sleep
        self._paces: dict[str, Pace] = {}
        self._reading_paces: dict[str, Pace] = {}
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="airtable")
        self._local = threading.local()
        self._closed = False

    async def read(
        self, base: str, table: str, fields: Sequence[str], *, most: int | None = None
    ) -> list[dict[str, Any]]:
        """Every row of a table (or ``most`` of them) as ``{"id": …, "fields": {…}}``.

        Only these fields are read, one call a hundred rows. Empty cells are left out by Airtable.

        Raises:
            AirtableLacksFieldError: the table lacks one of the fields.
            AirtableSystemError: somebody has to mend something.
            AirtableRateLimitError, AirtableAwayError: try again later.
        """
        rows: list[dict[str, Any]] = []
        options: dict[str, Any] = {"fields": list(fields)}
        if most is not None:
            options["max_records"] = most
        while True:
            await self._reading_pace(base).turn()
            await self.turn(base)
            try:
                page = await self._call(base, partial(_page, base, table, options))
            except AirtablePayloadError as error:
                told = f'table "{table}" is not as Muster expects it ({error}): mend the base'
                if error.unknown_field and error.field:
                    raise AirtableLacksFieldError(told, error.field) from None
                raise AirtableSystemError(told) from None
            rows.extend(page["records"])
            if not page.get("offset"):
                return rows
            options["offset"] = page["offset"]

    async def upsert(self, base: str, table: str, key_field: str, rows: Sequence[Fields]) -> None:
        """Write up to ten rows in one call, each found by its key or created.

        The caller takes a ``turn`` first, so that it can choose the rows when the turn has come.

        Raises:
            AirtableError: one of its kinds; after a payload error nothing was written.
        """
        _check_size(rows)
        await self._call(base, partial(_upsert, base, table, key_field, rows))

    async def update(self, base: str, table: str, rows: Mapping[str, Fields]) -> None:
        """Change cells of up to ten rows, by their record ids, in one call; none is created.

        The caller takes a ``turn`` first, as for ``upsert``.

        Raises:
            AirtableError: one of its kinds; a payload error of the kind ``NO_SUCH_ROW`` when a row
                is gone.
        """
        _check_size(rows)
        await self._call(base, partial(_update, base, table, rows))

    async def turn(self, base: str) -> None:
        """Wait until the base may be called.

        Raises:
            AirtableRateLimitError: the base is in a penalty that lasts.
        """
        try:
            await self._pace(base).turn()
        except PaceClosedError as closed:
            raise AirtableRateLimitError(closed.seconds) from None

    async def close(self) -> None:
        """End the threads; calls on their way are waited for (18 s at most), later ones refused."""
        self._closed = True
        await asyncio.to_thread(self._threads.shutdown)

    def _pace(self, base: str) -> Pace:
        return self._paces.setdefault(base, self._new_pace(CALLS_PER_WINDOW))

    def _reading_pace(self, base: str) -> Pace:
        return self._reading_paces.setdefault(base, self._new_pace(READS_PER_WINDOW))

    def _new_pace(self, calls: int) -> Pace:
        return Pace(
            calls=calls, per=WINDOW, patience=PATIENCE, clock=self._clock, sleep=self._sleep
        )

    async def _call(self, base: str, work: Callable[[Api], _Answer]) -> _Answer:
        if self._closed:
            raise AirtableAwayError("this process is stopping")
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, self._work, work)
        except AirtableRateLimitError as limited:
            self._pace(base).close_for(limited.retry_after)
            raise

    def _work(self, work: Callable[[Api], _Answer]) -> _Answer:
        try:
            return work(self._api())
        except requests.HTTPError as error:
            _raise_for(error.response)
        except (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema):
            raise AirtableSystemError(
                "AIRTABLE_ENDPOINT_URL is not a usable address: correct it"
            ) from None
        except (requests.RequestException, OSError, _ForeignAnswerError) as error:
            reason = type(error).__name__  # its words hold addresses and data
            raise AirtableAwayError(f"Airtable gave no usable answer ({reason})") from None

    def _api(self) -> Api:
        """One a thread: a requests session is not safe to share."""
        if not hasattr(self._local, "api"):
            self._local.api = Api(
                self._token,
                timeout=TIMEOUT,
                retry_strategy=None,
                endpoint_url=self._endpoint_url,
            )
        api: Api = self._local.api
        return api


class _ForeignAnswerError(Exception):
    """Something else than Airtable answered, e.g. a proxy with a page of its own."""


def _page(base: str, table: str, options: Mapping[str, Any], api: Api) -> dict[str, Any]:
    return _with_records(api.get(api.table(base, table).urls.records, options=dict(options)))


def _upsert(base: str, table: str, key_field: str, rows: Sequence[Fields], api: Api) -> None:
    # as Table.batch_upsert does, without its trust in the answer; typecast would add options
    body = {
        "records": [{"fields": dict(row)} for row in rows],
        "performUpsert": {"fieldsToMergeOn": [key_field]},
        "typecast": False,
    }
    _with_records(api.patch(api.table(base, table).urls.records, json=body))


def _update(base: str, table: str, rows: Mapping[str, Fields], api: Api) -> None:
    changes = [{"id": record_id, "fields": dict(row)} for record_id, row in rows.items()]
    _with_records(api.patch(api.table(base, table).urls.records, json={"records": changes}))


def _check_size(rows: Sized) -> None:
    if not 0 < len(rows) <= MAX_ROWS:
        raise ValueError(f"one call writes 1 to {MAX_ROWS} rows, not {len(rows)}")


def _with_records(answer: object) -> dict[str, Any]:
    if not isinstance(answer, dict) or not isinstance(answer.get("records"), list):
        raise _ForeignAnswerError
    return answer


_SYSTEM = {
    401: "AIRTABLE_TOKEN is not accepted: set a valid personal access token",
    402: "the workspace's plan does not allow this: see its billing page",
    403: "the token may not use this base or table: add the base, data.records:read and "
    "data.records:write to it",
    404: "no such base or table: check AIRTABLE_BASE_ID and the table names",
}
_QUOTA = "PUBLIC_API_BILLING_LIMIT_EXCEEDED"
_EXPIRED_PAGE = "LIST_RECORDS_ITERATOR_NOT_AVAILABLE"

_FIELD = re.compile(
    r'(?:unknown field name:?\s*|\bfield\s+)"(?P<quoted>[^"]+)"'
    r"|\bfor field (?P<bare>[^\".]+?)\.?$",
    re.IGNORECASE,
)
_VALUE = re.compile(
    r'select option\s+"+(?P<option>.*?)"+\s*$'
    r"|\bRecord ID (?P<missing>rec\w+) does not exist"
    r'|\bvalue "(?P<bad_id>[^"]*)" is not a valid record id',
    re.IGNORECASE,
)


def _raise_for(response: requests.Response) -> NoReturn:
    """The typed error behind an HTTP status.

    Airtable writes errors in three shapes: an object, a bare word, or (for 429) a list.
    """
    kind, message = _told(response)
    status = response.status_code
    if status == 429 and kind == _QUOTA:
        raise AirtableSystemError(
            "Airtable's monthly calls for this workspace are used up: raise the plan"
        ) from None
    if status == 429:
        raise AirtableRateLimitError(PENALTY) from None
    if status in _SYSTEM:
        error = AirtableMissingError if status in (403, 404) else AirtableSystemError
        raise error(f"Airtable says {status} ({kind}): {_SYSTEM[status]}") from None
    if status >= 500 or status == 408 or kind == _EXPIRED_PAGE:
        raise AirtableAwayError(f"Airtable says {status} ({kind})") from None
    raise AirtablePayloadError(
        kind, field=_first_group(_FIELD, message), value=_first_group(_VALUE, message)
    ) from None


def _first_group(pattern: re.Pattern[str], message: str) -> str:
    found = pattern.search(message)
    if found is None:
        return ""
    text = next((group for group in found.groups() if group), "")
    try:  # option names come JSON-encoded: ""Ren\u00e9""
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text


def _told(response: requests.Response) -> tuple[str, str]:
    """The error's type and its words."""
    try:
        body = response.json()
    except ValueError:
        body = None
    told = body.get("error") or body.get("errors") if isinstance(body, dict) else None
    if isinstance(told, list) and told:
        told = told[0]
    if isinstance(told, dict):
        kind = told.get("type") or told.get("error")
        return str(kind or "UNKNOWN"), str(told.get("message") or "")
    return (told if isinstance(told, str) else "UNKNOWN"), ""
