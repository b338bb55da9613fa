"""Files that browsers load beside a page, named by their content so that they may be kept for good."""

import hashlib
import mimetypes
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response

FOLDER = Path(__file__).with_name("static")
PATH = "/static"
FOR_GOOD = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, read once; `hashed` is its name with a part of its SHA-256."""

    hashed: str
    content: bytes
    media_type: str


class Assets:
    """The files of some folders; of two with one name the later folder's counts."""

    def __init__(self, folders: Iterable[Path] = ()) -> None:
        files = [path for folder in (FOLDER, *folders) for path in sorted(folder.iterdir()) if path.is_file()]
        self._named = {path.name: _read(path) for path in files}
        self._hashed = {asset.hashed: asset for asset in self._named.values()}

    def address(self, name: str) -> str:
        """The path that a page refers to a file by; raises KeyError where there is none of that name."""
        return f"{PATH}/{self._named[name].hashed}"

    def response(self, name: str, known: str | None = None) -> Response:
        """The file of either name; 404 where there is none, 304 where the browser has it (`known` is its ETag)."""
        asset = self._hashed.get(name) or self._named.get(name)
        if asset is None:
            raise HTTPException(404)
        headers = {"Cache-Control": FOR_GOOD if name == asset.hashed else ASK_AGAIN, "ETag": f'"{asset.hashed}"'}
        if known == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return Response(asset.content, headers=headers, media_type=asset.media_type)


router = APIRouter(include_in_schema=False)


@router.get(PATH + "/{name}")
async def asset(request: Request, name: str) -> Response:
    """One file."""
    assets: Assets = request.app.state.assets
    return assets.response(name, request.headers.get("If-None-Match"))


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:12]
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(f"{path.stem}.{digest}{path.suffix}", content, media_type)
