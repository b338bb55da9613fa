from libs.screening.index import Index
from tests.libs.screening.factory import facts, watchlist


def test_a_name_is_looked_up_by_word_sound_letters_and_consonants() -> None:
    index = Index(
        watchlist(
            facts(1, "Ramzan Akhmatovich KADYROV"),
            facts(2, "Uday Saddam HUSSEIN", aliases=[{"name": "Abu Sarhan", "quality": "weak"}]),
            facts(3, "Emma THOMPSON"),
        )
    )
    for name, entry in (
        ("Kadyrov", "ofac-1"),
        ("Ramsan Kadyrow", "ofac-1"),
        ("Qadirov", "ofac-1"),
        ("Рамзан", "ofac-1"),
        ("صدام", "ofac-2"),
        ("Abu Sarhan", "ofac-2"),
    ):
        assert index.candidates(name, 3)[0].entry.id == entry, name
    assert len(index.candidates("Ramzan Saddam Emma", 2)) == 2
    assert index.candidates("12", 3) == []
