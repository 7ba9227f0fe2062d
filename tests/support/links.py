"""Links to pages as a test of a page follows them: the address in them is all that the next page learns."""

from typing import Any
from urllib.parse import parse_qsl

from streamlit.testing.v1 import AppTest


def find_link(app: AppTest, label: str) -> Any:
    """Return what the only link of this label says: its page, the query of its address, whether it is disabled."""
    (link,) = [link.proto for link in app.get("page_link") if link.proto.label == label]
    return link


def follow_link(app: AppTest, label: str) -> AppTest:
    """Open the page that the only link of this label leads to."""
    link = find_link(app, label)
    assert not link.disabled
    app.query_params.clear()
    for name, value in parse_qsl(link.query_string):
        app.query_params[name] = value
    return app.switch_page(f"{link.page}.py").run()
