"""The description as a page to browse: all that it shows comes from here, nothing from another host."""

from pathlib import Path

import fastapi_offline
from fastapi import FastAPI, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

PAGE, ASSETS = "/docs", "/docs/assets"


def add_docs(app: FastAPI) -> None:
    """Serve the page at /docs."""
    files = StaticFiles(directory=Path(fastapi_offline.__file__).with_name("static"))

    @app.get(ASSETS + "/{name}", include_in_schema=False)
    async def asset(request: Request, name: str) -> Response:
        return await files.get_response(name, request.scope)

    @app.get(PAGE, include_in_schema=False)
    async def docs(request: Request) -> HTMLResponse:
        root = request.scope.get("root_path", "")
        return get_swagger_ui_html(
            openapi_url=f"{root}{app.openapi_url}",
            title=f"{app.title}: API",
            swagger_js_url=f"{root}{ASSETS}/swagger-ui-bundle.js",
            swagger_css_url=f"{root}{ASSETS}/swagger-ui.css",
            swagger_favicon_url=f"{root}{ASSETS}/favicon.png",
            swagger_ui_parameters={"validatorUrl": None},
        )
