"""A web face: an application whose pages share one style and are safe without more being said.

Every form needs `{{ csrf_field }}`; a face adds its routers and renders by `libs.web.pages.page`.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI, Request, params
from starlette.types import Lifespan

from libs.web import assets
from libs.web.assets import Assets
from libs.web.csrf import guard
from libs.web.failures import failed, handle_failures
from libs.web.guarded import Guarded
from libs.web.pages import Context, Pages, environment


def web_app(
    title: str,
    *,
    key: str,
    face: str,
    templates: Iterable[Path] = (),
    static: Iterable[Path] = (),
    context: Context | None = None,
    address: str = "",
    secure: bool = False,
    dependencies: Sequence[params.Depends] = (),
    camera: bool = False,
    lifespan: Lifespan[FastAPI] | None = None,
) -> FastAPI:
    """An application without routes but those of its files.

    `key` signs its forms and is refused when empty; `face` names it in metrics; `address` is where browsers reach it;
    `secure` says that they do by https alone, as an address with https does; `camera` that its pages may use one.
    `dependencies` are done before a form's token is looked at, as to find out who asks.
    """
    if not key:
        raise ValueError("VETSTREAM_WEB_KEY is empty: forms cannot be signed without it")
    before = [*dependencies, Depends(guard)]
    app = FastAPI(title=title, openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan, dependencies=before)
    secure = secure or address.startswith("https://")
    app.state.web_key, app.state.web_address, app.state.web_secure = key, address, secure
    app.state.assets = Assets(static)
    app.state.pages = Pages(environment(app.state.assets, templates), title, context or _nothing)
    app.include_router(assets.router)
    handle_failures(app)
    app.add_middleware(Guarded, face=face, failed=failed, secure=secure, camera=camera)
    return app


def _nothing(request: Request) -> Mapping[str, Any]:
    return {}
