"""Faults on demand, the request log and the switches, on a stand-in that counts its work."""

import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from sandbox import control

Client = TestClient[web.Request, web.Application]


class Counter:
    """The smallest stand-in: one method that counts how often its work was done."""

    def __init__(self) -> None:
        self.done = 0
        self.limited = True
        self.app = web.Application()
        self.app.router.add_post("/api/{method}", self.work)
        self.app.router.add_get("/page", self.page)
        control.install(
            self.app,
            control.Hooks(
                name="counter",
                identify=self.identify,
                error=lambda code, status: web.json_response(
                    {"ok": False, "error": code}, status=status or 200
                ),
                reset=self.reset,
                seed=self.seed,
                limit=self.limit,
            ),
        )

    async def identify(self, request: web.Request) -> control.Call | None:
        if not request.path.startswith("/api/"):
            return None
        return control.Call(request.path.removeprefix("/api/"), await request.json())

    async def work(self, request: web.Request) -> web.Response:
        self.done += 1
        return web.json_response({"ok": True, "given": await request.json()})

    async def page(self, request: web.Request) -> web.Response:
        return web.Response(text="a page")

    async def reset(self) -> None:
        self.done = 0

    async def seed(self) -> None:
        self.done = max(self.done, 10)

    def limit(self, enabled: bool) -> None:
        self.limited = enabled


@pytest.fixture
async def counter() -> Counter:
    return Counter()


@pytest.fixture
async def client(counter: Counter) -> AsyncIterator[Client]:
    async with TestClient(TestServer(counter.app)) as client:
        yield client


async def fault(client: Client, **wish: Any) -> str:
    answer = await client.post("/_sandbox/faults", json=wish)
    assert answer.status == 200, await answer.text()
    return str((await answer.json())["id"])


async def call(client: Client, method: str = "add", **params: Any) -> aiohttp.ClientResponse:
    return await client.post(f"/api/{method}", json=params)


async def test_health_says_which_stand_in_answers(client: Client) -> None:
    assert await (await client.get("/_sandbox/health")).json() == {"ok": True, "name": "counter"}


async def test_status_fault_answers_at_once_and_does_nothing(
    client: Client, counter: Counter
) -> None:
    await fault(
        client, method="add", kind="status", status=429, headers={"Retry-After": "7"}, count=1
    )
    answer = await call(client)
    assert (answer.status, answer.headers["Retry-After"], counter.done) == (429, "7", 0)
    assert (await call(client)).status == 200


async def test_status_fault_answers_with_the_body_it_was_given(client: Client) -> None:
    await fault(client, method="add", kind="status", status=503, body={"error": "DOWN"})
    answer = await call(client)
    assert (answer.status, await answer.json()) == (503, {"error": "DOWN"})


async def test_error_fault_uses_the_words_of_the_api(client: Client, counter: Counter) -> None:
    await fault(client, method="*", kind="error", error="user_not_found")
    assert await (await call(client)).json() == {"ok": False, "error": "user_not_found"}
    assert counter.done == 0


async def test_connection_dropped_before_leaves_the_work_undone(
    client: Client, counter: Counter
) -> None:
    await fault(client, method="add", kind="drop_before", count=1)
    with pytest.raises(aiohttp.ClientConnectionError):
        await call(client)
    assert counter.done == 0


async def test_connection_dropped_after_has_done_the_work(client: Client, counter: Counter) -> None:
    await fault(client, method="add", kind="drop_after", count=1)
    with pytest.raises(aiohttp.ClientConnectionError):
        await call(client)
    assert counter.done == 1
    assert (await call(client)).status == 200


async def test_latency_fault_waits_and_then_does_it(client: Client, counter: Counter) -> None:
    await fault(client, method="add", kind="latency", seconds=0.05)
    started = time.monotonic()
    assert (await call(client)).status == 200
    assert time.monotonic() - started >= 0.05
    assert counter.done == 1


async def test_fault_meets_only_its_method_and_its_parameters(client: Client) -> None:
    await fault(client, method="add", kind="status", status=500, match={"to": "Riley"})
    assert (await call(client, "take", to="Riley")).status == 200
    assert (await call(client, "add", to="Dana")).status == 200
    assert (await call(client, "add", to="Riley")).status == 500


async def test_fault_with_a_probability_meets_about_that_share_of_calls(client: Client) -> None:
    await fault(client, method="add", kind="status", status=500, probability=0.3)
    statuses = [(await call(client)).status for _ in range(100)]
    assert 15 <= statuses.count(500) <= 45


async def test_faults_can_be_listed_and_taken_back(client: Client) -> None:
    first = await fault(client, method="add", kind="status", status=500)
    second = await fault(client, method="take", kind="drop_before")
    listed = (await (await client.get("/_sandbox/faults")).json())["faults"]
    assert [(f["id"], f["kind"]) for f in listed] == [(first, "status"), (second, "drop_before")]
    assert (await client.delete(f"/_sandbox/faults/{first}")).status == 200
    assert (await client.delete(f"/_sandbox/faults/{first}")).status == 404
    assert (await call(client)).status == 200
    await client.delete("/_sandbox/faults")
    assert (await (await client.get("/_sandbox/faults")).json())["faults"] == []


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"kind": "explode"}, "kind must be one of"),
        ({"kind": "status"}, "needs 'status'"),
        ({"kind": "latency"}, "needs 'seconds'"),
        ({"kind": "drop_after", "methd": "add"}, "unknown fields: methd"),
        ({"kind": "drop_after", "probability": 2}, "probability must be"),
        (["drop_after"], "must be a JSON object"),
    ],
)
async def test_fault_that_makes_no_sense_is_refused_with_a_reason(
    client: Client, wish: object, reason: str
) -> None:
    answer = await client.post("/_sandbox/faults", json=wish)
    assert answer.status == 400
    assert reason in (await answer.json())["message"]


async def test_log_counts_calls_with_their_status_parameters_and_fault(client: Client) -> None:
    await call(client, "add", to="Riley")
    await fault(client, method="take", kind="drop_before", count=1)
    with pytest.raises(aiohttp.ClientConnectionError):
        await call(client, "take")
    await client.get("/page")
    log = await (await client.get("/_sandbox/requests")).json()
    assert log["counts"] == {"add": 1, "take": 1}
    assert [(r["method"], r["status"], r.get("fault")) for r in log["requests"]] == [
        ("add", 200, None),
        ("take", None, "drop_before"),
    ]
    assert log["requests"][0]["params"] == {"to": "Riley"}
    only = await (await client.get("/_sandbox/requests?method=take&limit=1")).json()
    assert [r["method"] for r in only["requests"]] == ["take"]
    await client.delete("/_sandbox/requests")
    assert (await (await client.get("/_sandbox/requests")).json())["counts"] == {}


async def test_reset_seed_and_limits_reach_the_stand_in(client: Client, counter: Counter) -> None:
    await call(client)
    await fault(client, method="*", kind="status", status=500)
    await client.post("/_sandbox/reset")
    assert counter.done == 0
    assert (await call(client)).status == 200
    await client.post("/_sandbox/seed")
    assert counter.done == 10
    await client.post("/_sandbox/limits", json={"enabled": False})
    assert counter.limited is False
    assert (await client.post("/_sandbox/limits", json={"enabled": "no"})).status == 400
