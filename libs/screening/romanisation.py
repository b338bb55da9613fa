"""Tables of how the lists write names of other scripts in Latin letters."""

# Where the lists follow the usage of passports rather than plain transliteration.
CYRILLIC = {"х": "kh", "ц": "ts", "й": "y", "щ": "shch", "ё": "yo", "ю": "yu", "я": "ya", "ж": "zh", "ъ": "", "ь": ""}

# Korean, McCune-Reischauer as the lists write it; family names that are read differently come first.
HANGUL_SYLLABLES = {"이": "ri", "임": "rim", "유": "ryu", "최": "choe", "노": "ro", "양": "yang"}
HANGUL_INITIALS = (
    "k", "kk", "n", "t", "tt", "r", "m", "p", "pp", "s", "ss", "", "ch", "tch", "ch", "k", "t", "p", "h",
)  # fmt: skip
HANGUL_VOWELS = (
    "a", "ae", "ya", "yae", "o", "e", "yo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "u", "ui",
    "i",
)  # fmt: skip
HANGUL_FINALS = (
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "l", "l", "m", "p", "p", "t", "t", "ng", "t",
    "t", "k", "t", "p", "t",
)  # fmt: skip

# Arabic, Persian and Hebrew letters by their sound; a vowel letter matters at the start of a word only.
SOUNDS = {
    "a": "اأإآءعئאע", "b": "بپבפף", "t": "تثطטת", "j": "جچ", "h": "حهةהח", "k": "خقكکךכק", "d": "دضד", "z": "ذزظژזצץ",
    "r": "رר", "s": "سشصסש", "g": "غگג", "f": "ف", "l": "لל", "m": "مםמ", "n": "نןנ", "w": "وؤו", "y": "يىیי",
}  # fmt: skip
SEMITIC = {letter: sound for sound, letters in SOUNDS.items() for letter in letters}

# Latin spellings of one Arabic sound.
DIGRAPHS = (
    ("kh", "k"), ("gh", "g"), ("sh", "s"), ("ch", "s"), ("th", "t"), ("dh", "d"), ("ph", "f"), ("dj", "j"), ("ck", "k"),
)  # fmt: skip
CONSONANTS = {"q": "k", "c": "k", "p": "b", "x": "k"}
ARTICLES = frozenset({"al", "el", "ul", "ad", "ar", "as", "at", "an", "az", "ash", "bin", "ibn", "ben", "bint"})
