"""The words of the guidance in a workbook; what fields mean is told by their declarations."""

from __future__ import annotations

from .references import normal

READ_ME = {"sv": "Läs mig", "en": "Read me"}
CODE_LISTS = {"sv": "Kodlistor", "en": "Code lists"}
FINDINGS = {"sv": "Anmärkningar", "en": "Findings"}
FINDINGS_SHEETS = frozenset(normal(name) for name in FINDINGS.values())
GUIDANCE_SHEETS = FINDINGS_SHEETS | {
    normal(name) for words in (READ_ME, CODE_LISTS) for name in words.values()
}

TITLE = {"sv": "Röda tråden: mall för en publicering", "en": "Röda tråden: template for one publication"}
ADVICE = {
    "sv": (
        "Fyll i en rad på första bladet och de rader som behövs på de andra. Övriga blad lämnas tomma.",
        "Fet rubrik är obligatorisk. Hjälp finns i kommentaren till varje rubrik.",
        "Hänvisa till andra rader med namn. Id i sista kolumnen behövs bara när två rader har samma namn.",
        "Flera värden i en cell skiljs med semikolon. Ett värde med semikolon i skrivs inom citattecken.",
        "Hör flera länkar till samma rad kan Länkens grund ange ett värde per länk, i samma ordning.",
        "Text på ett annat språk skrivs i en kolumn med språkets kod efter rubriken, som Titel (en).",
        "Numrerade kolumner kan läggas till: efter Aktör 6 kommer Aktör 7.",
        "Skriv tal utan enhet och procenttecken. Ett spann skrivs som två tal: Värde och Värde högst.",
    ),
    "en": (
        "Fill in one row on the first sheet and as many as needed on the others. Other sheets stay empty.",
        "A bold heading is required. Help is in the comment of each heading.",
        "Refer to other rows by name. The Id in the last column is needed only when two rows share a name.",
        "Separate several values in a cell by semicolons. A value with a semicolon goes in quotation marks.",
        "When several links belong to one row, Basis of link may hold one value per link, in the same order.",
        "Text in another language goes in a column with its code after the heading, such as Title (sv).",
        "Numbered columns may be added: after Actor 6 comes Actor 7.",
        "Write numbers without unit and per cent sign. A range is two numbers: Value and Value at most.",
    ),
}
COLUMNS = {
    "sv": ("Blad", "Kolumn", "Obligatorisk", "Gäller", "Beskrivning"),
    "en": ("Sheet", "Column", "Required", "For", "Description"),
}
YES_NO = {"sv": ("ja", "nej"), "en": ("yes", "no")}
REQUIRED = {"sv": "Obligatorisk.", "en": "Required."}
FOR_KINDS = {"sv": "Gäller: {kinds}.", "en": "For: {kinds}."}
SEVERAL = {"sv": "Flera värden skiljs med {separator}", "en": "Separate several values with {separator}"}
REFERS = {"sv": "Namn eller Id på: {kind}.", "en": "Name or Id of: {kind}."}
KIND_OF_ROW = {"sv": "Vad raden är.", "en": "What the row is."}
ID_HELP = {
    "sv": "Eget kort id, till exempel A1. Får vara tomt: då görs det av namnet.",
    "en": "Your own short id, such as A1. May be empty: it is then made from the name.",
}
NOT_IN_LIST = {"sv": "Värdet finns inte i listan", "en": "The value is not in the list"}
CHOOSE = {"sv": "Välj ett värde ur listan.", "en": "Choose a value of the list."}
NAMES_CLASS = {"sv": "Slag på bladet {sheet}", "en": "Kinds on the sheet {sheet}"}
NAMES_YES_NO = {"sv": "Ja eller nej", "en": "Yes or no"}
FINDINGS_COLUMNS = {
    "sv": ("Blad", "Cell", "Regel", "Allvar", "Anmärkning", "Gör så här", "Resurs"),
    "en": ("Sheet", "Cell", "Rule", "Severity", "Finding", "What to do", "Resource"),
}
SEVERITIES = {
    "violation": {"sv": "fel", "en": "violation"},
    "warning": {"sv": "varning", "en": "warning"},
    "info": {"sv": "upplysning", "en": "note"},
}
REMARK_MARK = "Röda tråden:"
