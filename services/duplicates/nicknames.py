"""Given names and the short forms that people go by."""

# One line a name: the forms of one line are taken for one another. A form may stand on several lines.
FORMS = """
alexander alex alec sandy xander sasha
alexandra alex sandra sandy sasha
andrew andy drew
anthony tony ant
antonio tony toni
barbara barb babs
benjamin ben benji
catherine katherine kathryn kate katie cathy kathy cath
charles charlie chuck chas
charlotte charlie lottie
christine christina chris tina chrissy
christopher chris kit
daniel dan danny
david dave davey
deborah deb debbie
dimitrios dimitri jim jimmy
edward ed eddie ned ted
elizabeth liz lizzie beth betty eliza libby
emily em emma
francesco frank franco
frederick fred freddie
gabrielle gabby
geoffrey geoff jeff jeffrey
georgios george
georgina georgie gina
giovanni gianni john
giuseppe joe beppe
gregory greg
isabella bella izzy
ivan vanya
jacob jake
james jim jimmy jamie
jennifer jen jenny
jessica jess jessie
john jack johnny jon
jonathan jon jonny
joseph joe joey
jose pepe
joshua josh
judith judy
kenneth ken kenny
lawrence larry laurie
leonard len lenny leo
margaret maggie meg peggy marg
matthew matt matty
michael mike mick mickey
mohammed muhammad mohamed mohammad
natalia natasha natalie
nicholas nick nicky nic
nicole nikki nicky
olivia liv livvy
pamela pam
patricia pat patty trish tricia
patrick pat paddy
peter pete
philip phillip phil
rebecca bec becky
richard rick ricky dick rich
robert bob bobby rob robbie
ronald ron ronnie
samantha sam
samuel sam sammy
stephen steven steve
stephanie steph
susan sue susie
theodore ted theo
thomas tom tommy
timothy tim
victoria vicky tori
vincenzo vince
vladimir vova
william will bill billy liam
yousef youssef yusuf joseph
zachary zac zach zack
"""


def _lines_by_form() -> dict[str, frozenset[int]]:
    lines = [frozenset(line.split()) for line in FORMS.split("\n") if line]
    return {form: frozenset(at for at, line in enumerate(lines) if form in line) for line in lines for form in line}


_LINES = _lines_by_form()
_NONE: frozenset[int] = frozenset()


def one_name(a: str, b: str) -> bool:
    """Two folded given names are forms of one name."""
    return not _LINES.get(a, _NONE).isdisjoint(_LINES.get(b, _NONE))
