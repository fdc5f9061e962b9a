"""The explorer's server: who is answered, what is refused, and that a formula that hangs is ended."""

import asyncio
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from symcalc.app.web import answers, server, worker
from symcalc.app.web.answers import ANSWERS, answer
from symcalc.app.web.guards import HEADERS

LINE = {"formula": "mean((y - (m*x + b))^2)", "data": {"lesson": "movies"}}


class Still:
    """A worker that answers in this very process."""

    def __init__(self, seconds, **_):
        self.seconds = seconds

    def ask(self, name, request):
        return answer(name, request)

    def close(self):
        pass


class Client:
    """Asks an application without a port."""

    def __init__(self, app, address):
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=address)

    def get(self, path):
        return self._waited(lambda: self.http.get(path))

    def post(self, path, **more):
        return self._waited(lambda: self.http.post(path, **more))

    def _waited(self, asked):
        # In a thread of its own: a browser of other tests may have a loop running in this one.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(lambda: asyncio.run(asked())).result()


@pytest.fixture
def client(monkeypatch):
    monkeypatch.setattr(server, "Worker", Still)
    return Client(server.application({"formula": "x^2"}), "http://127.0.0.1:8765")


def posted(client, name, document, **headers):
    given = {"origin": "http://127.0.0.1:8765", **headers}
    return client.post(f"/ask/{name}", json=document, headers=given)


def test_a_loss_is_derived(client):
    found = posted(client, "derive", LINE).json()

    assert [s["text"] for s in found["slopes"]] == ["-2·mean(x·r)", "-2·mean(r)"]
    assert "<math" in found["statements"]
    code = client.get(f"/code/{found['code']}.js")
    assert code.text.startswith("export default (() => {")
    assert code.headers["content-type"].startswith("text/javascript")


def test_every_part_of_the_page_is_there(client):
    assert client.get("/").text.startswith("<!doctype html>")
    for name in (*server.EXPLORER, *server.STYLES):
        assert client.get(f"/part/{name}").status_code == 200
    assert client.get("/start").json() == {"formula": "x^2"}


@pytest.mark.parametrize("name", ["../answers.py", "nothing.js", "spec.py", "%2e%2e%2fspec.py"])
def test_no_other_file_is_given_out(client, name):
    assert client.get(f"/part/{name}").status_code == 404


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        ({"origin": "http://evil.example"}, "other origins"),
        ({"origin": "null"}, "other origins"),
        ({"host": "evil.example"}, "another name"),
        ({"sec-fetch-site": "cross-site"}, "other sites"),
        ({"content-type": "text/plain"}, "Only JSON"),
    ],
)
def test_what_does_not_come_from_the_page_is_refused(client, headers, sentence):
    answered = posted(client, "derive", LINE, **headers)

    assert answered.status_code == 403
    assert sentence in answered.json()["error"]["reason"]


def test_a_page_loads_nothing_from_elsewhere(client):
    headers = client.get("/").headers

    assert all(headers[name] == value for name, value in HEADERS.items())
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]


def test_another_address_needs_its_token(monkeypatch):
    monkeypatch.setattr(server, "Worker", Still)
    client = Client(server.application(hosts=("box",), token="secret"), "http://box:1")

    assert client.get("/").status_code == 403
    assert client.get("/?token=wrong").status_code == 403
    assert client.get("/?token=secret").status_code == 200
    assert client.get("/").status_code == 200  # the cookie carries it now


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        ({"formula": "mean((y - (m*x + b)^2)", "data": {"lesson": "movies"}}, "There is a '(' without its ')'."),
        ({"formula": 3}, "A formula is text."),
        ({"formula": "x^2", "data": {"lesson": "../../etc/passwd"}}, "There is no lesson"),
        ({"formula": "x^2", "data": "/etc/passwd"}, "neither a lesson nor"),
        ({"formula": "x^2", "kinds": {"x": "spaceship"}}, "cannot be a spaceship"),
        ({"formula": "x^2 + a", "values": {"a": "1"}}, "is not a number"),
        ({"formula": "9^9^9^9"}, ""),
        ({"formula": "(" * 5000}, ""),
    ],
)
def test_what_cannot_be_used_is_a_sentence(request_, reason):
    found = answer("derive", request_)

    assert reason in found["error"]["reason"]
    assert "fault of symcalc" not in found["error"]["reason"]


def test_a_fault_says_where(client):
    error = posted(client, "derive", {"formula": "2*exq(x)"}).json()["error"]

    assert (error["line"], error["column"], error["length"]) == (1, 3, 3)


def test_names_are_read_as_the_user_wishes():
    found = answer("derive", {**LINE, "kinds": {"m": "constant"}, "values": {"m": 1.417}})
    assert [s["name"] for s in found["slopes"]] == ["b"]
    found = answer("derive", {"formula": "x^2 + a", "kinds": {"a": "constant"}})
    assert {n["name"]: n["kind"] for n in found["names"]} == {"x": "parameter", "a": "constant"}


@pytest.mark.parametrize("name", ANSWERS)
def test_no_question_fails_on_an_empty_request(name):
    found = answer(name, {})

    assert "fault of symcalc" not in found.get("error", {}).get("reason", "")


def test_a_question_that_hangs_is_ended_and_the_next_one_is_answered(monkeypatch):
    slow = worker.Worker(seconds=3.0)
    try:
        assert slow.ask("derive", LINE)["slopes"]
        begun = time.monotonic()
        process = slow._process
        # A process that is stopped answers nothing, as one in an endless computation.
        os.kill(process.pid, signal.SIGSTOP)
        found = slow.ask("derive", LINE)
        assert "stopped: simplify" in found["error"]["reason"]
        assert time.monotonic() - begun < 10
        assert slow.killed == 1
        assert slow.ask("offers", {})["words"]
    finally:
        slow.close()


def test_a_process_that_dies_is_started_anew():
    fragile = worker.Worker(seconds=20)
    try:
        assert fragile.ask("offers", {})["words"]
        fragile._process.kill()
        fragile._process.join()
        assert "started anew" in fragile.ask("offers", {})["error"]["reason"]
        assert fragile.ask("offers", {})["words"]
    finally:
        fragile.close()


def test_offers_hold_every_row_of_the_catalogue():
    words = {row["word"] for row in answers.offers({})["words"]}

    assert {"exp(", "movies", "huber", "rosenbrock"} <= words
