"""What counts as a hit: the numbers that a compliance officer owns."""

# The lowest score, 0 to 1, that is a hit.
HIT = 0.7

# What a feature that speaks against a hit takes off the score of the name. A birth year that disagrees rules it out.
COUNTRY_DIFFERS = -0.2
GENDER_DIFFERS = -0.2
BIRTH_DAY_DIFFERS = -0.25
BIRTH_DAY_FLIPPED = -0.125

# A list that states a year only seldom knows it well: so many years beside it agree.
YEARS_BESIDE = 1

# A name of fewer parts or letters is not enough by itself: the date of birth has to agree, or the name to be equal
# to the listed one and the country to agree.
FEWEST_PARTS = 2
FEWEST_LETTERS = 5

# Many Chinese and Korean names sound the same: in Latin letters alone they have to be as alike as this.
HOMOPHONES_ALIKE = 0.95

# A name in a script without vowels is compared by its consonants, which says less: it counts for so much, and each
# part must be so alike, 0 to 1, to count as the same.
CONSONANTS_COUNT = 0.9
CONSONANTS_ALIKE = 0.75
# So many consonants or fewer must be equal, so many must be paired in all, and one that is only in the listed name
# weighs so much.
CONSONANTS_SHORT = 3
CONSONANTS_FEWEST = 5
CONSONANTS_EXTRA = 0.3
# The likeness of the whole names, not divided into parts, that is enough.
CONSONANTS_WHOLE = 0.88

# How far the search goes: listed names looked up, the similarity in percent below which one is not looked at
# again, and the entries that are compared in full.
NAMES_LOOKED_UP = 100
LEAST_SIMILAR = 55.0
ENTRIES_COMPARED = 12
# Names of one person that are screened; what exceeds this is told.
NAMES_SCREENED = 12
