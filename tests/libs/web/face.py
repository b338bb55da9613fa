"""A small web face, for what all of them share."""

from collections.abc import Mapping
from pathlib import Path

from fastapi import FastAPI, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.testclient import TestClient

from libs.web.app import web_app
from libs.web.flash import tell
from libs.web.pages import page

TEMPLATE = """
{% extends "base.html.jinja" %}
{% block title %}{{ heading }}{% endblock %}
{% block main %}<h1>{{ heading }}</h1>
<form method="post" action="/saved">{{ csrf_field }}{{ ui.field("name", "Name", value=name, error="is too long") }}
{{ ui.button("Save") }}</form>{% endblock %}
"""


def small_face(folder: Path, *, secure: bool = False, binding: str = "") -> FastAPI:
    """A page with a form, what the form does, and what fails."""
    (folder / "small.html.jinja").write_text(TEMPLATE)
    app = web_app("Small", key="k" * 32, face="small", templates=[folder], context=_context, secure=secure)

    @app.get("/")
    async def small(request: Request, name: str = "", bound: str = binding) -> Response:
        request.state.csrf_binding = bound
        return page(request, "small.html.jinja", heading="A form", name=name)

    @app.post("/saved")
    async def saved(request: Request, name: str = Form()) -> Response:
        response = RedirectResponse("/", 303)
        tell(request, response, "good", f"{len(name)} letters were saved")
        return response

    @app.get("/fails/{status}")
    async def fails(status: int) -> None:
        if status == 500:
            raise RuntimeError("Ada Lovelace could not be saved")
        if status == 503:
            raise ConnectionRefusedError("the database of Ada Lovelace")
        raise HTTPException(status, "told")

    return app


def _context(request: Request) -> Mapping[str, object]:
    return {"lang": request.query_params.get("lang", "en")}


def browser(app: FastAPI, base: str = "http://face.test") -> TestClient:
    """Keeps cookies as a browser does."""
    return TestClient(app, base_url=base, follow_redirects=False)
