"""Values of personal data as they are written in the countries of a language. Nobody real is meant."""

import random
import re
import unicodedata
from collections.abc import Callable, Mapping

from workshop.encoder.pii_shapes import AGES, COMPANIES, COUNTRIES, DAYS, DOMAINS, MONTHS, MORE, PHONES

_LIKE_NAMES = 0.25
"""Share of the organisations that are called like a person."""
_MORE_SHAPES = 0.35
"""Share of the varied values that take a shape of `MORE`, where their type has some."""


class Values:
    """Draws one value of a type as it is written in a country of the language."""

    def __init__(self, pools: dict[str, list[str]], lang: str, chance: random.Random, varied: bool) -> None:
        """`pools`: names, by what they name. `varied`: with accents taken off, further shapes and countries."""
        self._pools, self._lang, self._chance, self._wide = pools, lang, chance, varied
        self._makers: dict[str, Callable[[], str]] = {
            "AGE": self._age,
            "CREDIT_CARD": self._card,
            "DATE_TIME": self._moment,
            "DOMAIN_NAME": self._domain,
            "EMAIL_ADDRESS": self._email,
            "IBAN_CODE": self._iban,
            "IP_ADDRESS": self._ip,
            "ORGANIZATION": self._organisation,
            "PERSON": self._person,
            "PHONE_NUMBER": self._phone,
            "STREET_ADDRESS": self._street,
            "US_DRIVER_LICENSE": lambda: self._one(
                "A#######", "#########", "S###-####-####", "##-###-####", "WDL##A##C"
            ),
            "US_SSN": self._ssn,
            "ZIP_CODE": self._zip,
            "GPE": lambda: chance.choice(pools["gpe"]),
            "NRP": lambda: chance.choice(pools["nrp"]),
            "TITLE": lambda: chance.choice(pools["title"]),
        }

    def of(self, name: str) -> str:
        """One of the type `name`."""
        if self._wide and name in MORE and self._chance.random() < _MORE_SHAPES:
            return self._more(MORE[name])
        return self._makers[name]()

    def _more(self, shapes: Mapping[str, str]) -> str:
        """A value of a further shape."""
        mine = "|".join(shapes[key] for key in (self._lang, "any") if key in shapes)
        month, day, between = self._chance.randint(1, 12), self._chance.randint(1, 28), self._chance.randint
        first, last = self._word("first"), self._word("last")
        ending = "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
        fields = {
            **{"day": day, "month": month, "year": between(1950, 2026), "nth": f"{day}{ending}"},
            **{"name": MONTHS[self._lang].split("|")[month - 1], "age": between(2, 97), "number": between(1, 240)},
            **{"First": first, "Last": last, "first": self._latin(first), "last": self._latin(last)},
            **{"street": self._word("street"), "host": self._domain().removeprefix("www.")},
        }
        # each occurrence of these is drawn anew
        shape = re.sub("{letter}", lambda _: self._chance.choice("ABCDEFGHJKLMNPRSTW"), self._one(*mine.split("|")))
        return re.sub("{hex}", lambda _: f"{between(1, 65535):x}", shape).format_map(fields)

    def _latin(self, text: str, join: str = "") -> str:
        """Small letters from a to z, of `fit` with accents taken off; what stands between them becomes `join`."""
        if self._wide:
            # ß, ø, ł and the Turkish i without a dot have no accent to take off
            plain = text.translate({0xDF: "ss", 0xF8: "o", 0x142: "l", 0x131: "i"})
            text = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
        return re.sub(r"[^a-z]+", join, text.lower()).strip("-") or "info"

    def _one(self, *shapes: str) -> str:
        """One of the shapes, `#` a digit."""
        return "".join(str(self._chance.randrange(10)) if c == "#" else c for c in self._chance.choice(shapes))

    def _word(self, pool: str) -> str:
        return self._chance.choice(self._pools[pool])

    def _person(self) -> str:
        first, last, dice = self._word("first"), self._word("last"), self._chance.random()
        if dice < 0.55:
            return f"{first} {last}"
        if dice < 0.7:
            return self._chance.choice((first, last))
        if dice < 0.8:
            return f"{first[0]}. {last}"
        if dice < 0.9:
            return f"{last}, {first}"
        return f"{first} {self._word('first')} {last}" if dice < 0.95 else f"{first} {last}-{self._word('last')}"

    def _organisation(self) -> str:
        if self._chance.random() >= _LIKE_NAMES:
            return self._word("org")
        first, last, other = self._word("first"), self._word("last"), self._word("last")
        ending = self._chance.choice(COMPANIES[self._lang].split("|"))
        return self._chance.choice((f"{last} & {other}", f"{first} {last} {ending}", f"{last} {ending}"))

    def _age(self) -> str:
        years = self._chance.randint(2, 97)
        return self._chance.choice(AGES[self._lang].split("|")).format(years=years)

    def _card(self) -> str:
        number = self._one("4##############", "51#############", "55#############", "6011###########", "37############")
        digits = number + _luhn(number)
        if self._chance.random() < 0.4 or len(digits) == 15:
            return digits
        return self._chance.choice(" -").join(digits[at : at + 4] for at in range(0, 16, 4))

    def _moment(self) -> str:
        day, month, year = self._chance.randint(1, 28), self._chance.randint(1, 12), self._chance.randint(1950, 2026)
        name = MONTHS[self._lang].split("|")[month - 1]
        join = {"en": f"{name} {day}, {year}", "de": f"{day}. {name} {year}", "es": f"{day} de {name} de {year}"}
        forms = [
            join.get(self._lang, f"{day} {name} {year}"),
            f"{year}-{month:02}-{day:02}",
            f"{month}/{day}/{year}" if self._lang == "en" else f"{day:02}.{month:02}.{year}",
            f"{day:02}/{month:02}/{year % 100:02}",
            f"{year}-{month:02}-{day:02} {self._one('1#:3#', '0#:5#', '2:1#')}",
            f"{name} {year}",
            self._chance.choice(DAYS[self._lang].split("|")),
        ]
        return self._chance.choice(forms)

    def _domain(self) -> str:
        word = self._latin(self._word("org"), "-")
        domain = f"{word}.{self._chance.choice(DOMAINS[self._lang].split('|'))}"
        return self._chance.choice((domain, f"www.{domain}", domain))

    def _email(self) -> str:
        first, last = (self._latin(self._word(pool)) for pool in ("first", "last"))
        user = self._chance.choice(
            (f"{first}.{last}", f"{first[0]}{last}", f"{first}{self._one('##', '####')}", "info")
        )
        hosts = ("gmail.com", "outlook.com", "web.de", "example.org", "mail.example.com")
        return f"{user}@{self._chance.choice((*hosts, self._domain().removeprefix('www.')))}"

    def _iban(self) -> str:
        countries = COUNTRIES[self._lang].split("|")
        country = self._chance.choice(countries) if self._wide else countries[0]
        lengths = {"DE": 18, "ES": 20, "FR": 23, "IT": 22, "GB": 14, "AT": 16, "CH": 17, "NL": 10, "BE": 12}
        account = "".join(str(self._chance.randrange(10)) for _ in range(lengths[country]))
        account = {"IT": "X", "GB": "WEST", "NL": "ABNA"}.get(country, "") + account
        whole = f"{country}{_mod97(country, account):02}{account}"
        if self._chance.random() < 0.5:
            return whole
        return " ".join(whole[at : at + 4] for at in range(0, len(whole), 4))

    def _ip(self) -> str:
        if self._chance.random() < 0.15:
            return ":".join(f"{self._chance.randrange(65536):x}" for _ in range(8))
        return ".".join(str(self._chance.randint(1, 254)) for _ in range(4))

    def _phone(self) -> str:
        return self._one(*PHONES[self._lang])

    def _street(self) -> str:
        street, number = self._word("street"), str(self._chance.randint(1, 240))
        if self._lang == "en":
            flat = self._chance.choice(("", "", f", Apt {self._chance.randint(1, 40)}"))
            return f"{number} {street}{flat}"
        if self._lang == "fr":
            return f"{number} {street}"
        return f"{street} {number}" if self._chance.random() < 0.85 else f"{street}, {number}"

    def _ssn(self) -> str:
        area = self._chance.choice([n for n in (*range(1, 900, 7),) if n != 666])
        join = self._chance.choice(("-", "-", " ", ""))
        return f"{area:03}{join}{self._chance.randint(1, 99):02}{join}{self._chance.randint(1, 9999):04}"

    def _zip(self) -> str:
        british = ("SW1A 2AA", "M## 4BT", "LS# 5DF", "EH# 2NG")
        return self._one("#####", "#####-####", *british) if self._lang == "en" else self._one("#####")


def _luhn(digits: str) -> str:
    """The check digit of ISO/IEC 7812-1."""
    doubled = [int(digit) * (2 - at % 2) for at, digit in enumerate(reversed(digits))]
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def _mod97(country: str, account: str) -> int:
    """The check digits of ISO 13616."""
    return 98 - int("".join(str(int(char, 36)) for char in f"{account}{country}00")) % 97
