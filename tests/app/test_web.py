"""The explorer's server: who is answered, what is refused, and that a formula that hangs is ended."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from symcalc.app.web import answers, server, worker
from symcalc.app.web import nursery as nurseries
from symcalc.app.web.answers import ANSWERS, answer
from symcalc.app.web.guards import HEADERS
from symcalc.app.web.nursery import Nursery

LINE = {"formula": "mean((y - (m*x + b))^2)", "data": {"lesson": "movies"}}


class Still:
    """A worker that answers in this very process."""

    def __init__(self, nursery, seconds, **_):
        self.seconds = seconds

    def ask(self, name, request):
        return answer(name, request)

    def kill(self):
        pass


class Empty:
    """A nursery of which nothing is wanted."""

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
    return Client(server.application({"formula": "x^2", "data": None}, nursery=Empty()), "http://127.0.0.1:8765")


def posted(client, name, document, **headers):
    given = {"origin": "http://127.0.0.1:8765", **headers}
    return client.post(f"/ask/{name}", json=document, headers=given)


def test_a_loss_is_derived(client):
    found = posted(client, "derive", LINE).json()

    assert [s["text"] for s in found["slopes"]] == ["-2·mean(x·r)", "-2·mean(r)"]
    assert "<math" in found["statements"]
    bench = posted(client, "bench", LINE).json()
    assert bench["bench"]["entries"] == ["m", "b"]
    code = client.get(f"/code/{bench['code']}.js")
    assert code.text.startswith("export default (() => {")
    assert code.headers["content-type"].startswith("text/javascript")


def test_every_part_of_the_page_is_there(client):
    assert client.get("/").text.startswith("<!doctype html>")
    for name, begin, kind in (("explorer.js", "// ", "text/javascript"), ("explorer.css", "@font-face", "text/css")):
        part = client.get(f"/part/{name}")
        assert part.text.startswith(begin)
        assert part.headers["content-type"].startswith(kind)


def test_the_page_begins_with_what_was_given_and_its_answer(client):
    start = client.get("/start").json()

    assert start["state"] == {"formula": "x^2", "data": None, "kinds": {}, "values": {}}
    assert start["lessons"][0]["name"] == "movies"
    assert [slope["text"] for slope in client.get("/first").json()["slopes"]] == ["2·x"]


def test_what_the_page_begins_with_is_derived_once_unless_it_failed():
    asked, answers_ = [], [{"error": {"reason": "This took more than 5 seconds."}}, {"slopes": []}]
    explorer = server.Explorer({"formula": "x^2"}, Empty())
    explorer.quick.ask = lambda name, document: asked.append((name, document)) or answers_[len(asked) - 1]

    assert [explorer.first() for _ in range(3)] == [answers_[0], answers_[1], answers_[1]]
    assert asked == [("derive", {"formula": "x^2"})] * 2


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
    client = Client(server.application(hosts=("box",), token="secret", nursery=Empty()), "http://box:1")

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


@pytest.fixture(scope="module")
def nursery():
    made = Nursery()
    yield made
    made.close()


def test_a_question_that_hangs_is_ended_and_the_next_one_is_answered_by_another_process(nursery):
    slow = worker.Worker(nursery, seconds=3.0)
    try:
        assert slow.ask("derive", LINE)["slopes"]
        # A process that is stopped answers nothing, as one in an endless computation.
        hung = slow._child.pid
        os.kill(hung, signal.SIGSTOP)
        found = slow.ask("derive", LINE)
        assert "stopped: simplify" in found["error"]["reason"]
        assert slow.killed == 1
        assert slow.ask("derive", LINE)["slopes"]
        assert slow._child.pid != hung
    finally:
        slow.kill()


def test_a_process_that_dies_is_replaced(nursery):
    fragile = worker.Worker(nursery, seconds=20)
    try:
        assert fragile.ask("offers", {})["words"]
        os.kill(fragile._child.pid, signal.SIGKILL)
        assert "started anew" in fragile.ask("offers", {})["error"]["reason"]
        assert fragile.ask("offers", {})["words"]
    finally:
        fragile.kill()


def test_where_the_first_process_dies_there_is_another():
    made = Nursery()
    try:
        worker.Worker(made, seconds=20).ask("offers", {})
        made._process.kill()
        made._process.wait()
        assert worker.Worker(made, seconds=20).ask("offers", {})["words"]
    finally:
        made.close()


def test_where_nothing_forks_processes_start_for_themselves(monkeypatch):
    monkeypatch.setattr(nurseries, "_FORKS", False)
    made = Nursery()
    try:
        assert worker.Worker(made, seconds=20).ask("offers", {})["words"]
    finally:
        made.close()


def test_a_script_that_opens_the_explorer_is_not_run_again(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "from symcalc.app.web.nursery import Nursery\nfrom symcalc.app.web.worker import Worker\n"
        "print('once', flush=True)\nnursery = Nursery()\n"
        "print(len(Worker(nursery, seconds=20).ask('offers', {})['words']) > 9)\nnursery.close()\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60, check=True)

    assert done.stdout.split() == ["once", "True"]


def walked(nursery, **request):
    """Every document of a run."""
    walker = worker.Worker(nursery, seconds=20)
    run = worker.Run(walker, "run", {**LINE, **request})
    found = []
    while (document := run.next()) is not None:
        found.append(document)
    walker.kill()
    return found


def test_a_run_tells_every_step_and_how_it_ended(nursery):
    *parts, last = walked(nursery, optimizer="newton", steps=3, point={"m": 0.0, "b": 0.0})
    steps = [step for part in parts for step in part["steps"]]

    # Newton's method is at the minimum of a parabola after one step; the mean of y² is 246750.
    assert steps[0] == [0, 246750.0]
    assert last["done"]["point"] == pytest.approx({"m": 1.441038, "b": 102.535377}, abs=1e-5)
    assert last["done"]["optimizer"] == "newton"


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        ({"optimizer": "spaceship"}, "spaceship"),
        ({"steps": 10**9}, "whole number from 0"),
        ({"learning_rate": -1}, "learning rate"),
        ({"formula": "mean((y - exq(m*x))^2)"}, "Unknown function"),
        ({"formula": "2^2"}, "no parameters"),
    ],
)
def test_a_run_that_cannot_be_says_why(nursery, request_, reason):
    (found,) = walked(nursery, **request_)

    assert reason in found["error"]["reason"]


def gone(pid):
    """Whether a process has ended, after a moment at most."""
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False


def test_a_run_is_stopped_at_once_and_the_next_one_goes_on(nursery):
    walker = worker.Worker(nursery, seconds=20)
    run = worker.Run(walker, "run", {**LINE, "optimizer": "adam", "steps": 100_000})
    assert run.next()["steps"]
    pid = walker._child.pid
    run.stop()
    assert run.next() is None
    assert gone(pid)
    assert worker.Run(walker, "run", {**LINE, "steps": 1}).next()["steps"]
    walker.kill()


def test_a_run_that_is_silent_for_too_long_is_ended(nursery):
    walker = worker.Worker(nursery, seconds=20)
    run = worker.Run(walker, "run", {**LINE, "optimizer": "adam", "steps": 100_000})
    assert run.next()["steps"]
    walker.seconds = 0.5
    os.kill(walker._child.pid, signal.SIGSTOP)
    found = {"steps": []}
    while "steps" in found:
        found = run.next()

    assert "stopped" in found["error"]["reason"]
    assert run.next() is None


def test_an_exercise_is_told_answered_and_given_up():
    told = answer("exercise", {"level": 1, "seed": 7})
    again = answer("exercise", {"level": 1, "seed": 7})
    right = answer("attempt", {"level": 1, "seed": 7, "give_up": True})["right"]

    assert told == again
    assert told["parameter"] in told["formula"]
    assert answer("attempt", {"level": 1, "seed": 7, "answer": right})["verdict"] == "correct"
    wrong = answer("attempt", {"level": 1, "seed": 7, "answer": f"({right}) + 1"})
    assert wrong["verdict"] == "wrong"
    assert wrong["diagnosis"]
    assert right not in str(told)


def test_hints_come_one_by_one_and_end():
    told = answer("exercise", {"level": 2, "seed": 3})
    hints = [answer("attempt", {"level": 2, "seed": 3, "hint": k})["hint"] for k in range(told["hints"])]

    assert hints
    assert "last hint" in answer("attempt", {"level": 2, "seed": 3, "hint": told["hints"]})["error"]["reason"]


@pytest.mark.parametrize(
    ("name", "request_", "reason"),
    [
        ("exercise", {"level": 9}, "There is no level 9"),
        ("exercise", {"level": "hard"}, "whole number"),
        ("attempt", {"answer": ""}, "Type the slope first"),
        ("attempt", {"level": 1, "seed": 7, "answer": "2*("}, ""),
    ],
)
def test_an_exercise_that_cannot_be_says_why(name, request_, reason):
    found = answer(name, request_)

    assert reason in found["error"]["reason"]
    assert "fault of symcalc" not in found["error"]["reason"]


def test_offers_hold_every_row_of_the_catalogue():
    words = {row["word"] for row in answers.offers({})["words"]}

    assert {"exp(", "movies", "huber", "rosenbrock"} <= words
