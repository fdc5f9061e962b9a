"""A real browser for pages; without Chromium these tests are skipped, and in CI they fail instead."""

import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from explorer_page import opened_browser, running, settle


@pytest.fixture(scope="session")
def chromium():
    """A running browser."""
    if shutil.which("chromium") is None:
        if os.environ.get("CI"):
            pytest.fail("there is no Chromium, and .ci/run should have installed it")
        pytest.skip("there is no Chromium on this machine")
    pytest.importorskip("playwright.sync_api")
    with opened_browser() as browser:
        yield browser


@pytest.fixture
def visit(chromium):
    """Opens an address in a fresh profile: (address, width, height) → (page, what it asked for, its faults)."""
    contexts = []

    def opened(address, width=1280, height=900, **options):
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        asked, faults = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.goto(address)
        return page, asked, faults

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def address():
    """A running explorer."""
    with running() as url:
        yield url


@pytest.fixture
def page(address, visit):
    """The explorer's page with its first loss; it asks nothing of other places and makes no fault."""
    opened, asked, faults = visit(address)
    opened.wait_for_selector(".bench caption")
    # What folds open below fills when the derivation arrives; a click aimed before would miss.
    settle(opened)
    opened.asked, opened.faults = asked, faults
    yield opened
    outside = [url for url in asked if not url.startswith((address, "data:", "blob:"))]
    assert outside == []
    assert faults == []
