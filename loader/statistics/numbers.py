"""Reads the numbers of a whole column at once."""

from __future__ import annotations

import polars as pl

from .checks import Notes

MISSING = ("", "NA", "N/A", "-", "–", ".", "..", "...", ":", "null", "NULL", "None")
_NOT_FINITE = ("inf", "-inf", "+inf", "infinity", "-infinity", "nan", "#div/0!", "#n/a", "#value!")
_NUMBER = r"^-?(\d{1,18}(\.\d*)?|\.\d+)$"
_SCIENTIFIC = r"^-?\d+(\.\d+)?[eE][+-]?\d{1,2}$"
_DECIMALS = 18
DROPPED = "missing"


def canonical_numbers(frame: pl.DataFrame, notes: Notes) -> pl.DataFrame:
    """``value`` as canonical decimals; what is no number is missing with a status, or refused.

    A decimal comma and spaces between thousands are understood; ``text`` keeps what stood in the file.
    """
    plain = pl.col("value").str.replace_all(r"[\s\u00a0\u202f]", "").str.replace(",", ".", literal=True)
    plain = plain.str.replace("−", "-", literal=True)
    frame = frame.with_columns(pl.col("value").alias("text"), plain.fill_null("").alias("value"))
    scientific = pl.col("value").str.contains(_SCIENTIFIC)
    if frame.select(scientific.any()).item():
        written = pl.col("value").cast(pl.Decimal(38, _DECIMALS), strict=False).cast(pl.String)
        frame = frame.with_columns(pl.when(scientific).then(written).otherwise("value").alias("value"))
    infinite = pl.col("value").str.to_lowercase().is_in(_NOT_FINITE)
    missing = pl.col("value").is_in(MISSING)
    number = pl.col("value").str.contains(_NUMBER)
    notes.correct("statistics-not-finite", frame.filter(infinite), "text")
    notes.refuse("statistics-value", frame.filter(~infinite & ~missing & ~number), "text")
    frame = frame.filter(infinite | missing | number)
    status = pl.when(infinite | missing).then(pl.coalesce("status", pl.lit(DROPPED))).otherwise("status")
    value = pl.when(number).then(canonical_text(pl.col("value")))
    return frame.with_columns(status.alias("status"), value.alias("value"))


def canonical_text(value: pl.Expr) -> pl.Expr:
    """Plain decimals in their one way of writing: "007.50" is "7.5", "-0.0" is "0"."""
    sign = pl.when(value.str.starts_with("-")).then(pl.lit("-")).otherwise(pl.lit(""))
    digits = value.str.strip_prefix("-")
    whole = digits.str.extract(r"^(\d*)", 1).str.strip_chars_start("0")
    part = digits.str.extract(r"\.(\d*)$", 1).fill_null("").str.slice(0, _DECIMALS).str.strip_chars_end("0")
    whole = pl.when(whole == "").then(pl.lit("0")).otherwise(whole)
    written = pl.when(part == "").then(whole).otherwise(pl.concat_str(whole, pl.lit("."), part))
    return pl.when(written == "0").then(written).otherwise(pl.concat_str(sign, written))
