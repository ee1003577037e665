"""A real browser before a real server on the example store; screenshots go to ``.artifacts``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARTIFACTS = Path(__file__).parents[2] / ".artifacts" / "browser"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Open = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(scope="session")
def browser(lacking: Callable[[str], NoReturn]) -> Iterator[Browser]:
    if not CHROMIUM.exists():
        lacking(f"{CHROMIUM} is missing; make system installs it")
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield one
        one.close()


@pytest.fixture
def opened(browser: Browser, address: str) -> Open:
    """Opens a page; at the end no request may have gone to another host and nothing may have failed."""

    @contextmanager
    def open_page(
        *, lang: str = "sv", script: bool = True, width: int = 1280, scheme: str = "light"
    ) -> Iterator[Page]:
        context = browser.new_context(
            base_url=address,
            locale={"sv": "sv-SE", "en": "en-GB"}[lang],
            java_script_enabled=script,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        page = context.new_page()
        elsewhere: list[str] = []
        refused: list[str] = []
        page.on("request", lambda request: request.url.startswith(address) or elsewhere.append(request.url))
        page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
        yield page
        context.close()
        assert elsewhere == []
        assert refused == []

    return open_page


@pytest.fixture(scope="session")
def screenshot() -> Callable[[Page, str], None]:
    """Keeps a picture of the whole page under a name."""

    def keep(page: Page, name: str) -> None:
        ARTIFACTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(ARTIFACTS / f"{name}.png"), full_page=True)

    return keep
