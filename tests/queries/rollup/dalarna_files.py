"""Where each indicator of Dalarna's files stands: every value column of the mapping."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class File:
    """How polars finds the values of one indicator of Dalarna's files, by place and time.

    Attributes:
        more: Other value columns of the same indicator.
        years: The years that hold; others repeat the latest election.
        total: The value column over all groups, where there are several.
    """

    name: str
    indicator: str
    value: str
    time: str
    only: dict[str, str]
    encoding: str = "utf-8-sig"
    more: tuple[str, ...] = ()
    years: frozenset[str] = frozenset()
    total: str = ""


SHARE = "{}, andel (%)"
HOUSES = (
    "småhus, bostadsrätt",
    "småhus, hyresrätt",
    "flerbostadshus, bostadsrätt",
    "flerbostadshus, hyresrätt",
    "specialbostad",
    "övrigt boende",
    "uppgift saknas",
    "samtliga boendeformer",
)
MATCHED = (
    "20-39 år",
    "födda i Sverige",
    "födda i Norden eller EU utom Sverige",
    "födda i Afrika",
    "födda i Asien",
    "födda i Europa utom Norden och EU samt Sydamerika, Nordamerika och Oceanien",
    "totalt",
)
ELECTIONS = frozenset(str(year) for year in range(1998, 2023, 4))
POWER = "Elproduktion {} inom det geografiska området, MWh"
NEAR = "Invånare {} inom 2 km, andel (%)"
SHARE_OF = {"Andel och konfidensintervall": "Andel"}

# Every value column of the mapping, with all its groups.
FILES = [
    File(
        "arbetsloshet.csv",
        "langtidsarbetsloshet",
        "Långtidsarbetslöshet 25-64 år, årsmedelvärde, andel (%) av bef.",
        "year",
        {},
    ),
    File("sysselsatt.csv", "sysselsatta", SHARE.format("Förvärvsarbetande invånare 20-64 år"), "year", {}),
    File(
        "eftergym.csv",
        "eftergymnasial",
        "eftergymnasial 25-64 år, årsmedelvärde, andel (%) av bef.",
        "year",
        {},
    ),
    File("avfall.csv", "avfall-mat-rest", "Insamlat mat- och restavfall, kg/person", "year", {}),
    File(
        "avfall.csv",
        "avfall-totalt",
        "Insamlat kommunalt avfall totalt, kg/invånare (justerat)",
        "year",
        {},
    ),
    File("avfallbrp.csv", "avfall-brp", "avfallbrp", "year", {}),
    File("betesmark.csv", "betesmark", "value", "year", {}),
    File("boendetyper.csv", "boende", "småhus, äganderätt", "år", {}, more=HOUSES, total=HOUSES[-1]),
    File("bredband.csv", "bredband", "andel_bredband", "year", {}),
    File("chefsrepresentation.csv", "chef-kvinnor", "AndelKvinnligaChef", "Ar", {}),
    File("chefsrepresentation_ny.csv", "chef-ny", "Andel i chefsposition, procent", "år", {}),
    File("deltagande.csv", "deltagande", "value", "year", {}),
    File("deltagande_ny.csv", "deltagande-ny", "Andel", "År", SHARE_OF),
    File(
        "tillit.csv",
        "tillit",
        SHARE.format("Invånare 16-84 år med avsaknad av tillit till andra"),
        "year",
        {},
    ),
    File("tillit_ny.csv", "tillit-ny", "Andel", "År", SHARE_OF),
    File("effektivitet.csv", "utslapp-brp", "effektivitet", "År", {}),
    File("elproduktion.csv", "elproduktion", "Producerat", "Ar", {"Kategori": POWER.format("totalt")}),
    File(
        "elproduktion.csv",
        "elproduktion-vind",
        "Producerat",
        "Ar",
        {"Kategori": POWER.format("av vindkraft")},
    ),
    File(
        "elproduktion.csv",
        "elproduktion-vatten",
        "Producerat",
        "Ar",
        {"Kategori": POWER.format("av vattenkraft")},
    ),
    File("el.csv", "elgrad", "elgrad", "Ar", {}),
    File(
        "etablering.csv",
        "etablering",
        "Andel förvärvsarbetande (ny definition från och med 2019)",
        "år",
        {},
    ),
    File("exportperinv.csv", "export", "RegExpVarde", "Ar", {}, "latin-1"),
    File("exportperinv.csv", "export-inv", "RegExp_inv20_64ar", "Ar", {}, "latin-1"),
    File("forskning.csv", "fou", "value", "year", {}),
    File("gini.csv", "gini", "Ginikoefficient – hushållens disponibla inkomster, index", "year", {}),
    File("livsmedel.csv", "livsmedel", "Andel", "År", {}),
    File("matchning.csv", "matchning", "20-64 år", "år", {}, more=MATCHED, total="totalt"),
    File("resande.csv", "resande", SHARE.format("Marknadsandel för kollektivtrafik"), "År", {}),
    File(
        "service.csv",
        "service-butik",
        "value",
        "year",
        {"kpi": NEAR.format("med tillgång till dagligvarubutik")},
    ),
    File(
        "service.csv",
        "service-skola",
        "value",
        "year",
        {"kpi": NEAR.format("0-16 år med tillgång till grundskola")},
    ),
    File("skogsmark.csv", "skogsmark", "Andel i procent", "År", {}),
    File("trang.csv", "trangboddhet", "Samtliga i populationen", "år", {}),
    File("ungadel.csv", "ungas-delaktighet", "andel", "År", {}, "latin-1"),
    File("utsatthet.csv", "utsatthet", "value", "year", {}),
    *(
        File(
            "valdeltagande.csv",
            f"val-{short}",
            SHARE.format(f"Valdeltagande i senaste {word}"),
            "year",
            {},
            years=ELECTIONS,
        )
        for short, word in (
            ("kommun", "kommunalvalet"),
            ("region", "regionvalet"),
            ("riksdag", "riksdagsvalet"),
        )
    ),
    File("vaxthusgaser.csv", "utslapp-inv", "UtslappPerInv", "Ar", {}),
    File("vaxthusgaser.csv", "utslapp", "TotaltUtslapp", "Ar", {}),
]


SCHOOL = (
    File("gymnasie.csv", "gymnasie", "Andel elever", "Ar", {}),
    File("gymnasie_kommun.csv", "gymnasie", "Inom 4 år...8", "År", {}),
)
