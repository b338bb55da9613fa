"""From a file to the years that it tells of: the form is told by the content."""

from services.prescreening.accounts import columns, ixbrl
from services.prescreening.accounts.concepts import Concepts
from services.prescreening.accounts.form import Accounts
from services.prescreening.statements.decoding import decoded
from services.prescreening.statements.form import Refused


def read(data: bytes, concepts: Concepts, file: str = "") -> Accounts:
    """The years of a file, named after it; raises Refused, which names it, too."""
    try:
        text = decoded(data)
        accounts = ixbrl.read(text, concepts) if text.lstrip().startswith("<") else columns.read(text)
    except Refused as refused:
        raise refused.of(file) from None
    return accounts._replace(file=file)
