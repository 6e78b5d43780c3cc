"""Names of people as mail programs write them."""

import re

# Behind a comma these are no first name.
_SUFFIXES = frozenset(
    (
        *("jr", "sr", "ii", "iii", "iv", "phd", "md", "mba", "esq", "csc", "dis"),
        *("inc", "ltd", "llc", "plc", "co", "corp", "gmbh", "ag", "kg", "sro", "as", "sa", "sl"),
    )
)
# Patterns are compiled when first used.
# A department, on either side of a comma, in English, Spanish, Czech, German, French and Italian.
_DEPARTMENT = r"""(?ix)\b(?:
    accounting|accounts|billing|department|finance|helpdesk|hr|info|logistics|marketing|office|orders
    |procurement|purchasing|reception|sales|service|shipping|support|team|warehouse
    |administración|almacén|atención|compras|contabilidad|facturación|soporte|ventas
    |expedice|fakturace|nákup|obchod|oddělení|podpora|prodej|recepce|sklad|účtárna
    |abteilung|buchhaltung|einkauf|kundendienst|kundenservice|vertrieb|verwaltung
    |achats|comptabilité|facturation|ventes
    |acquisti|amministrazione|assistenza|contabilità|ufficio|vendite
    )\b"""
_WORDS = r"[^\W\d_][^\d_,;:&@/()<>]*"
_ASIDE = r" \([^()]*\)$"  # Customer, Carl (Sales)
_MAX_WORDS = 3


def first_name_first(name: str, address: str = "") -> str:
    """`Carl Customer` for `Customer, Carl`; every other name as it is, also `Carl Customer, Jr.` and `Shop, Ltd.`.

    `Support, Acme` is no person: a department. Nor is `Berlin, Acme` with an `address` at acme.example.
    """
    last, comma, first = (part.strip() for part in re.sub(_ASIDE, "", name.strip()).partition(","))
    if not comma or not all(re.fullmatch(_WORDS, part) for part in (last, first)):
        return name
    words = first.replace(".", "").lower().split()
    if _SUFFIXES.intersection([*words, "".join(words)]):
        return name
    company = "".join(words) in address.rpartition("@")[2].lower().split(".")
    if company or re.search(_DEPARTMENT, f"{last}, {first}"):
        return name
    return name if max(len(words), len(last.split())) > _MAX_WORDS else f"{first} {last}"
