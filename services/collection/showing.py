"""What the pages show of a collection."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import segno
from fastapi import Request, Response

from libs.documents.transliteration import spellings, transliterated
from libs.web.pages import page
from services.collection import links
from services.collection.collected import RECEIVED, TAKEN, Collected, Picture
from services.collection.details import FIELDS
from services.collection.facts import document_slots, selfie_wanted
from services.collection.parts import Parts
from services.collection.policy import SELFIE, Quality
from services.collection.texts import Texts, wanted

LANGUAGE = "lang"


@dataclass(frozen=True, slots=True)
class Slot:
    """A picture that is needed, and the newest one that was sent; `taken`: the newest that is good."""

    name: str
    title: str
    picture: Picture | None
    taken: Picture | None
    quality: Quality


@dataclass(frozen=True, slots=True)
class Read:
    """What the pictures of a document say: `state` is reading, read or unread; fields as far as they are known."""

    state: str
    fields: Mapping[str, str]


def texts(request: Request, parts: Parts) -> Texts:
    """Those of the language that the browser has chosen, or prefers."""
    chosen = request.cookies.get(LANGUAGE, "")
    if chosen not in parts.texts:
        chosen = wanted(list(parts.texts), request.headers.get("Accept-Language", ""))
    return parts.texts[chosen]


def context(request: Request) -> dict[str, Any]:
    """What every page is told."""
    parts: Parts = request.app.state.parts
    t = texts(request, parts)
    return {
        "t": t,
        "lang": t.language,
        "languages": [(one.language, one("name")) for one in parts.texts.values()],
        "words": t("words"),
        "failures": t("failures"),
        "site": t("site"),
        "layout": "narrow",
    }


def state_page(
    request: Request,
    parts: Parts,
    one: Collected,
    state: str,
    *,
    problems: Mapping[str, str] | None = None,
    overtaken: bool = False,
    status: int = 200,
) -> Response:
    """The page of a state; `problems` are codes by field."""
    t = texts(request, parts)
    told = {name: t(f"problems.{code}", youngest=parts.policy.youngest) for name, code in (problems or {}).items()}
    steps = _steps(parts, one)
    shown = [SELFIE] if state in ("selfie", "selfie_review") else document_slots(one, parts.policy)
    return page(
        request,
        f"{state}.html.jinja",
        status,
        one=one,
        state=state,
        policy=parts.policy,
        problems=told,
        summary=[(name, f"{_label(parts, t, one, name)}: {text}") for name, text in told.items()],
        overtaken=overtaken,
        steps=[t(f"{name}.title") for name in steps],
        step=steps.index(state) if state in steps else None,
        base=f"/a/{one.collection_id}",
        slots=[slot(parts, t, one, name) for name in shown],
        chosen_by_type={document["type"]: document for document in one.chosen},
        prefilled=prefilled,
        differing=lambda said: differing(one, said),
        reads={document["type"]: read(parts, one, document) for document in one.chosen},
        link=link(request, parts, one),
    )


def _steps(parts: Parts, one: Collected) -> list[str]:
    """The states that are ahead in this round."""
    documents = ["document_photo", "document_review"] if one.chosen or one.round == 1 else []
    first = ["personal_details", "document_selection"] if one.round == 1 else []
    return [*first, *documents, *(["selfie", "selfie_review"] if selfie_wanted(one, parts.policy) else [])]


def slot(parts: Parts, t: Texts, one: Collected, name: str) -> Slot:
    """A picture that is needed."""
    return Slot(name, _title(parts, t, one, name), one.picture(name), one.taken(name), parts.policy.quality(name))


def _title(parts: Parts, t: Texts, one: Collected, name: str) -> str:
    if name == SELFIE:
        return str(t("selfie.slot"))
    for document in one.chosen:
        if side := parts.policy.slots(document["type"]).get(name):
            return f"{t.of('types', document['type'], '')}: {t.of('sides', document['type'], 'other')[side]}"
    return name


def _label(parts: Parts, t: Texts, one: Collected, field: str) -> str:
    """What a field of a form is called, where it is not seen beside it."""
    first, _, rest = field.partition("-")
    if first == "consent":
        return str(t("welcome.consents"))
    if first == "country" and rest:
        return f"{t.of('types', rest, '')}, {t('document_selection.country')}"
    if rest in ("number", "expiryDate"):
        return f"{t.of('types', first, '')}, {t(f'document_review.{rest}')}"
    if field == "document":
        return str(t("document_selection.documents"))
    return str(t(f"personal_details.{field}")) if field in FIELDS else _title(parts, t, one, field)


def read(parts: Parts, one: Collected, document: Mapping[str, Any]) -> Read:
    """What the pictures of a document say, as far as they were read."""
    found = [picture for name in parts.policy.slots(document["type"]) if (picture := one.taken(name))]
    fields: dict[str, str] = {}
    for picture in found:
        told = (picture.reading or {}).get("fields", {})
        fields |= {name: str(value) for name, value in told.items() if value}
    if fields:
        return Read("read", fields)
    return Read("reading" if any(picture.reading is None for picture in found) else "unread", fields)


def prefilled(one: Read) -> dict[str, str]:
    """The fields of the form, as the pictures say."""
    return {"number": one.fields.get("documentNumber", ""), "expiryDate": _whole(one.fields.get("expiryDate", ""))}


def differing(one: Collected, said: Read) -> dict[str, str]:
    """What a document says otherwise than was entered: `name` and `birth`."""
    found = {}
    family, given = said.fields.get("familyName", ""), said.fields.get("givenNames", "")
    if family and not (_is(one, "familyName", family) and _is(one, "givenName", given)):
        found["name"] = f"{given} {family}".strip()
    birth = _whole(said.fields.get("dateOfBirth", ""))
    if birth and birth != one.details.get("dateOfBirth"):
        found["birth"] = birth
    return found


def picture_state(parts: Parts, t: Texts, found: Picture) -> dict[str, str]:
    """How a picture stands, in words."""
    if found.status == RECEIVED:
        return {"status": found.status, "text": t("picture.checking")}
    if found.status == TAKEN:
        return {"status": found.status, "text": t("picture.taken")}
    return {"status": found.status, "text": t("picture.refused", why=t(f"problems.{found.problem}"))}


def _whole(text: str) -> str:
    """A date that is known to the day."""
    return text if len(text) == 10 else ""


def _is(one: Collected, field: str, read: str) -> bool:
    """Whether a name that was read begins with the one that was entered, in any spelling."""
    letters = transliterated(read).replace(" ", "")
    return any(letters.startswith(spelt) for spelt in spellings(one.details.get(field, "")) if spelt)


def link(request: Request, parts: Parts, one: Collected) -> str:
    """The address to go on at elsewhere."""
    return f"{parts.address}/apply/{links.token(request, one.collection_id)}"


def code(address: str) -> bytes:
    """An address as a QR code: an SVG."""
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", scale=4, border=3, dark="#17212b", light="#ffffff", xmldecl=False
    )
    return out.getvalue()
