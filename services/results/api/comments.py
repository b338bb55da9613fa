"""Why something is changed: the policy may insist on an answer."""

from services.results.api.parts import Parts
from services.results.api.problems import Detail, Problem
from services.results.person import CommentJson
from services.results.policy import Operation


def why(parts: Parts, operation: Operation, comment: CommentJson | None) -> str | None:
    """The comment's text; refused where the policy needs one and there is none."""
    text = comment.text if comment else None
    if operation in parts.policy.comments and not (text or "").strip():
        detail = Detail("the policy asks for a reason", "comment.text", "MISSING")
        raise Problem(422, "INVALID_REQUEST", "comment.text: the policy asks for a reason", [detail])
    return text
