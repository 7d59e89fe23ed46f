"""How personal data is written, by language; alternatives stand apart by `|`.

`#` is a digit; the fields in braces are filled by `pii_values.py`.
"""

from collections.abc import Mapping, Sequence

MONTHS: Mapping[str, str] = {
    "en": "January|February|March|April|May|June|July|August|September|October|November|December",
    "de": "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember",
    "es": "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre",
    "fr": "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre",
    "it": "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre",
}
"""The months of the year, in their order."""

AGES: Mapping[str, str] = {
    "en": "{years}|{years} years old|age {years}|{years}-year-old|aged {years}",
    "de": "{years} Jahre alt|{years}|{years} Jahren|{years} Jahre",
    "es": "{years} años|{years} años de edad",
    "fr": "{years} ans",
    "it": "{years} anni|{years} anni di età",
}
"""How an age is said; `{years}` is the number."""

DAYS: Mapping[str, str] = {
    "en": "Monday|Tuesday|Friday|tomorrow at 3 pm|next Sunday|yesterday evening",
    "de": "Montag|Dienstag|Freitag|morgen um 15 Uhr|nächsten Sonntag|gestern Abend",
    "es": "lunes|martes|viernes|mañana a las tres|próximo domingo",
    "fr": "lundi|mardi|vendredi|demain à 15 h|dimanche prochain",
    "it": "lunedì|martedì|venerdì|domani alle 15|domenica prossima",
}
"""Days as people name them."""

PHONES: Mapping[str, Sequence[str]] = {
    "en": (
        "555-###-####",
        "(2##) 555-####",
        "+1 3## 555 ####",
        "2##.555.####",
        "+44 20 7### ####",
        "07### ######",
    ),
    "de": ("030 #######", "+49 171 #######", "0171/#######", "+49 (0)89 ######", "0221-######"),
    "es": ("6## ### ###", "+34 9## ## ## ##", "9########", "+34 6########"),
    "fr": ("06 ## ## ## ##", "+33 1 ## ## ## ##", "01.##.##.##.##", "07########"),
    "it": ("3## #######", "+39 06 ########", "02 #######", "+39 33# ######"),
}
"""Telephone numbers."""

DOMAINS: Mapping[str, str] = {
    "en": "com|org|co.uk|net",
    "de": "de|com|at",
    "es": "es|com|com.mx",
    "fr": "fr|com|be",
    "it": "it|com",
}
"""How domain names end."""

COMPANIES: Mapping[str, str] = {
    "en": "Inc.|LLC|Ltd",
    "de": "GmbH|KG|AG",
    "es": "S.A.|S.L.",
    "fr": "SARL|SA",
    "it": "S.r.l.|S.p.A.",
}
"""What stands behind the name of a company."""

COUNTRIES: Mapping[str, str] = {"en": "GB|NL", "de": "DE|AT|CH", "es": "ES|BE", "fr": "FR|BE|CH", "it": "IT|CH"}
"""Where an IBAN of `fit` is from."""

MORE: Mapping[str, Mapping[str, str]] = {
    "AGE": {
        "en": "{age} yrs|{age} y/o|{age}yo|{age} years of age|{age} months old",
        "de": "{age} J.|{age} Jahre jung|{age} Monate alt",
        "es": "{age}|{age} meses",
        "fr": "{age}|{age} mois|{age} ans et demi",
        "it": "{age}|{age} mesi|{age} anni e mezzo",
    },
    "DATE_TIME": {
        "any": "{month:02}/{year}|{day}.{month}.{year}|{day:02}-{month:02}-{year}|{year}/{month:02}/{day:02}"
        "|{year}-{month:02}-{day:02}T1#:2#:3#Z",
        "en": "{nth} of {name}|{name} {nth}|{nth} {name} {year}|{day} {name} {year}|{name} {day}"
        "|{name:.3} {day}, {year}|{day}-{name:.3}-{year}|{name} {day} at #:3# pm",
        "de": "{day}. {name}|{day}.{month}.|{day}. {name} {year} um 1#:3# Uhr|Ende {name} {year}",
        "es": "{day} de {name}|{day} de {name} a las 1#:3#|{name} de {year}",
        "fr": "{day} {name}|{day} {name} {year} à 1#h3#|1er {name} {year}",
        "it": "{day} {name}|{day} {name} {year} alle 1#:3#|1º {name} {year}",
    },
    "DOMAIN_NAME": {"any": "shop.{host}|mail.{host}|m.{host}|blog.{host}|{first}{last}.com|{first}-{last}.net"},
    "EMAIL_ADDRESS": {
        "any": "{first}_{last}@{host}|{last}.{first}@{host}|{first}+news@{host}|{last}##@{host}|{first}-{last}@{host}"
        "|support@{host}|{first}.{last}#@gmail.com|{last}_{first}@yahoo.com|{first}@mail.{host}"
    },
    "IP_ADDRESS": {
        "any": "10.#.#.#|192.168.#.1##|172.16.#.#|2001:db8::{hex}|fe80::{hex}:{hex}|2001:db8:{hex}::1|2a02:{hex}::{hex}"
    },
    "PERSON": {"any": "{First} {letter}. {Last}|{letter}.{letter}. {Last}|{Last} {First}|{letter}. {letter}. {Last}"},
    "PHONE_NUMBER": {
        "en": "+1-2##-555-01##|+1 (4##) 555-01##|1-800-555-####|555-01##|(7##)555-####|2##-555-01## ext. ###"
        "|3##-555-01## x##|+44 7### ######|020 7### ####|(0161) ### ####|+353 8# ### ####|+91 9#### #####",
        "de": "0049 151 ########|0176 ## ## ## ##|089-########|+43 664 #######|+41 79 ### ## ##|044 ### ## ##"
        "|(040) ######-##|0800 ### ####|+49 30/#######|0341 / ######",
        "es": "6##-###-###|(+34) 6## ## ## ##|91 ### ## ##|900 ### ###|+52 55 #### ####|+54 9 11 ####-####"
        "|+57 3## ### ####|0034 6########",
        "fr": "06-##-##-##-##|+33 (0)6 ## ## ## ##|00336########|04 ## ## ## ##|+32 4## ## ## ##|+41 22 ### ## ##"
        "|0 800 ### ###|+1 514-555-01##",
        "it": "+39 3## ### ####|00393#########|06/#######|011-#######|(055) ######|333.#######|800 ### ###"
        "|+41 91 ### ## ##",
    },
    "STREET_ADDRESS": {
        "en": "{number} {street}, Suite ###|Flat #, {number} {street}|{number}B {street}|{number} {street}, Unit #",
        "de": "{street} {number}a|{street} {number}/#|{street} {number} b|{street} {number}, Haus #",
        "es": "{street}, {number}, #º B|{street} n.º {number}|{street} {number}, piso #|{street}, {number}, bajo",
        "fr": "{number} bis {street}|{number}, {street}|{number} ter, {street}|{street} {number}",
        "it": "{street} {number}/A|{street}, {number}/b|{street} n. {number}|{street} {number}, int. #",
    },
    "US_DRIVER_LICENSE": {
        "any": "{letter}########|{letter}#####|{letter}{letter}######|########|{letter}###-###-##-###-#"
        "|{letter}##-##-####|##{letter}{letter}{letter}#####"
    },
    "ZIP_CODE": {
        "en": "K#A #B#|SW# #LN|B## #TT|N# #AA|V#R #K#",
        "de": "1###|8###|A-1###|CH-8###|D-#####",
        "es": "28###|08###|46###",
        "fr": "1###|75###|H#X #Y#|L-####",
        "it": "00###|20###|I-#####",
    },
}
"""More shapes, by type: `fit` alone draws them, and `unseen` stays as it was. `any` stands for every language."""
