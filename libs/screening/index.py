"""The candidates for a name: which entries of a list sound, look or mean like it."""

from collections.abc import Iterable
from dataclasses import dataclass

import tantivy
from rigour.names import Name, NameTypeTag, analyze_names

from libs.screening.names import consonants, folded, readings
from libs.screening.watchlist import Entry, Watchlist

# What a shared key of each kind counts for. The index weighs a rare key more than a common one by itself.
WEIGHTS = {"word": 2.0, "sound": 1.0, "symbol": 1.0, "consonants": 1.0, "letters": 0.35}
MOST_SYMBOLS = 24
WRITER_MEMORY = 30_000_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry, and a listed name of it: as listed, in plain letters, and by its consonants, the parts in order."""

    entry: Entry
    name: str
    spelling: str
    skeleton: str


class Index:
    """One version of one list, ready to be asked; built whole and never changed."""

    def __init__(self, watchlist: Watchlist) -> None:
        self.watchlist = watchlist
        self._names = [
            Candidate(entry, name, spelling(name), skeleton(name))
            for entry in watchlist.entries
            for name in (*entry.names, *entry.weak_names)
        ]
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("key", tokenizer_name="raw", index_option="freq")
        builder.add_unsigned_field("name", fast=True)
        self._schema = builder.build()
        index = tantivy.Index(self._schema)
        writer = index.writer(heap_size=WRITER_MEMORY, num_threads=1)
        for number, candidate in enumerate(self._names):
            document = tantivy.Document()
            document.add_unsigned("name", number)
            for _, key in keys(candidate.name):
                document.add_text("key", key)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()

    def candidates(self, name: str, limit: int) -> list[Candidate]:
        """The listed names nearest to this one, best first."""
        query = tantivy.Query.boolean_query(
            [
                (
                    tantivy.Occur.Should,
                    tantivy.Query.boost_query(
                        tantivy.Query.term_query(self._schema, "key", key, "freq"), WEIGHTS[kind]
                    ),
                )
                for kind, key in keys(name, query=True)
            ]
        )
        found = self._searcher.search(query, limit, count=False).hits
        numbers = self._searcher.fast_field_values("name", [address for _, address in found])
        return [self._names[int(number)] for number in numbers if number is not None]


def spelling(name: str) -> str:
    """A name in plain letters, whatever the order of its parts."""
    return " ".join(sorted(folded(name)))


def skeleton(name: str) -> str:
    """The consonants of a name, whatever the order of its parts."""
    return " ".join(sorted(consonants(name)))


def keys(text: str, *, query: bool = False) -> list[tuple[str, str]]:
    """The keys of a name: its words, their sound, the names they are known to be, their consonants and letters."""
    spellings = readings(text) if query else (text,)
    found = {("consonants", f"c{part}") for part in consonants(text) if len(part) > 1}
    for name in analyze_names(NameTypeTag.PER, list(spellings), infer_initials=query, consolidate=False):
        found.update(_keys(name))
    return sorted(found)


def _keys(name: Name) -> Iterable[tuple[str, str]]:
    for part in name.parts:
        word = part.comparable
        yield "word", f"w{word}"
        if part.metaphone:
            yield "sound", f"s{part.metaphone}"
        bounded = f"^{word}$"
        for start in range(len(bounded) - 2):
            yield "letters", f"l{bounded[start : start + 3]}"
    for symbol in sorted(str(symbol) for symbol in name.symbols)[:MOST_SYMBOLS]:
        yield "symbol", f"m{symbol}"
