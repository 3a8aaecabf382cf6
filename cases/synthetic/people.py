"""Invented respondents: plainly false names and A-numbers, and the office's identity extract."""

from dataclasses import dataclass, field

from cases.synthetic.days import ISO, MONTH, YEAR
from cases.synthetic.nationalities import (
    COMMON,
    LANGUAGE,
    NATIONALITIES,
    RARE,
    SECOND_LANGUAGE,
)
from cases.synthetic.pools import Rand, between, pick, pool, words

HEADER = (
    "idncase", "a_number", "family_name", "given_names", "aliases", "birth_date", "nationality",
    "sex", "fin", "fbi_number", "state_ids", "protected_1367", "juvenile", "competency_indicia",
)  # fmt: skip

_FIRST = words(
    "Ab Al An Ar Ba Be Bo Bra Ca Ce Co Da De Di Dor Du El En Er Fa Fe Flo Ga Ge Gra Ha He Ho"
    " Il In Is Ja Je Jo Ka Ke Kor Kra La Le Li Lo Ma Me Mi Mo Na Ne No Nu Or Os Pa Pe Po Pra"
    " Ra Re Ri Ro Sa Se Si So Ste Ta Te Ti Tor Tu Ur Va Ve Vi Vo Wa We Ya Yo Za Ze Zo"
    " Ál Ér Ín Ñu Ól Çe Šo Žu Ö Ü"
)
_MIDDLE = words(
    "ba be bri ca ce da de dri fa fi ga go la le li lo lu ma me mi mo na ne ni no nu pa pe ra re"
    " ri ro ru sa se si so ta te ti to va ve vi vo za zi zo ña ñe çi é á í ó ú ü ö"
)
_LAST = words(
    "bar ben bert cor dal dan del dez din dor fel fin gal gon han ken kor lan les lin lon man"
    " mar mel min mon nar nel nes non ral ran rel res rin ron sal san sel son tal tan tel tes"
    " tin tor val van vel ves vin von zan zel zin rón tín lés ná"
)
_GIVEN_LAST = words(
    "a ba da di do el en ia ian ina io ira is la le lia lin lo ma mi na nel ni no ra rel ri ro sa"
    " ta to va vi ya za iá né"
)
_STATES = words("CA TX FL NY NJ IL GA MD VA MA WA AZ NC CO")
_YES_2_BLANK_1 = ("Y",) * 2 + ("",) + ("N",) * 97
_COMPETENCY = ("Y",) * 2 + ("",) * 8 + ("N",) * 190
_ADULT_AGES = pool((age, max(2, 60 - abs(age - 28) * 2)) for age in range(18, 71))
_SEXES = ("M",) * 560 + ("F",) * 425 + ("",) * 15


@dataclass(slots=True)
class Person:
    """One invented respondent; `born` is the true day, of which each record knows a part."""

    a_number: str
    family: str
    given: str
    born: int
    nationality: str
    language: str
    sex: str
    child: bool
    unaccompanied: bool = False
    aliases: tuple[str, ...] = ()
    fbi_number: str = ""
    state_ids: tuple[str, ...] = ()
    criminal_charge: tuple[str, tuple[str, ...]] | None = None
    pending: bool = False
    arrived: int = 0
    cases: list[int] = field(default_factory=list)


def surname(rand: Rand) -> str:
    middle = pick(rand, _MIDDLE) if rand() < 0.75 else ""
    return pick(rand, _FIRST) + middle + pick(rand, _LAST)


def given_name(rand: Rand) -> str:
    middle = pick(rand, _MIDDLE) if rand() < 0.6 else ""
    return pick(rand, _FIRST) + middle + pick(rand, _GIVEN_LAST)


def family_name(rand: Rand, nationality: str) -> str:
    """Return a family name with the marker that no real one has; Spanish speakers have two."""
    if LANGUAGE.get(nationality) == "SP" and rand() < 0.7:
        return f"Example-{surname(rand)} {surname(rand)}"
    return f"Example-{surname(rand)}"


def nationality(rand: Rand) -> str:
    return pick(rand, RARE) if rand() < 0.002 else pick(rand, COMMON)


def language(rand: Rand, nationality: str) -> str:
    if nationality in SECOND_LANGUAGE and rand() < 0.1:
        return pick(rand, SECOND_LANGUAGE[nationality])
    return LANGUAGE.get(nationality, "ENG")


def make_person(
    rand: Rand,
    *,
    number: int,
    filed: int,
    family: str,
    nationality: str,
    language: str,
    child: bool,
) -> Person:
    """Invent a respondent whose case is filed on this day."""
    unaccompanied = False
    if child:
        age = between(rand, 0, 17)
    elif rand() < 0.05:
        child = unaccompanied = True
        age = between(rand, 8, 17)
    else:
        age = pick(rand, _ADULT_AGES)
    given = given_name(rand)
    if rand() < 0.55:
        given += " " + given_name(rand)
    person = Person(
        a_number=f"A{number:09d}",
        family=family,
        given=given,
        born=filed - age * 365 - age // 4 - between(rand, 1, 364),
        nationality=nationality,
        language=language,
        sex=pick(rand, _SEXES),
        child=child,
        unaccompanied=unaccompanied,
    )
    if rand() < 0.08:
        person.aliases = _aliases(rand, person)
    return person


def _aliases(rand: Rand, person: Person) -> tuple[str, ...]:
    first_given = person.given.split(" ", maxsplit=1)[0]
    shorter = f"{person.family.split(' ', maxsplit=1)[0]}, {first_given}"
    other = f"Example-{surname(rand)}, {person.given}"
    draw = rand()
    if draw < 0.5:
        return (shorter,)
    return (other,) if draw < 0.85 else (shorter, other)


def _birth_date(rand: Rand, born: int) -> str:
    draw = rand()
    if draw < 0.90:
        return ISO[born]
    if draw < 0.96:
        return ISO[born][:7]
    return ISO[born][:4] if draw < 0.99 else ""


def court_birth(born: int) -> str:
    """Return month and year as the courts write them: 4/1974."""
    return f"{MONTH[born]}/{YEAR[born]}"


def identity_row(rand: Rand, person: Person, *, until: int) -> list[str]:
    """Return the office's row for a person, in the order of HEADER, without the case."""
    age = (until - person.born) / 365.25
    juvenile = "" if rand() < 0.04 else ("Y" if age < 18 else "N")
    number = person.a_number[1:]
    return [
        person.a_number,
        person.family,
        person.given,
        ";".join(person.aliases),
        _birth_date(rand, person.born),
        NATIONALITIES[person.nationality][0],
        person.sex,
        f"0{number}" if rand() < 0.6 else "",
        person.fbi_number,
        ";".join(person.state_ids),
        pick(rand, _YES_2_BLANK_1),
        juvenile,
        pick(rand, _COMPETENCY),
    ]


def give_record_numbers(rand: Rand, person: Person) -> None:
    """Give the numbers that a person arrested in the United States is known by."""
    number = person.a_number[1:]
    person.fbi_number = f"TEST{number[3:]}"
    states = {pick(rand, _STATES) for _ in range(between(rand, 1, 2))}
    person.state_ids = tuple(f"{state}:T{number[1:]}" for state in sorted(states))
