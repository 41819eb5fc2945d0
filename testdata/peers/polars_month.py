"""Joins the invoice lines of a month with its CDRs in Polars and compares the amounts; with "sessions", also the kWh of the sessions.

Amounts are whole millionths, energy whole watt-hours, so that sums are exact: 0.419 a kWh is 419 millionths a Wh.
"""

import json
import sys
import time

import polars as pl

OWNER = ["country_code", "party_id"]
MICROS_A_WH = 419


def whole(column, scale):
    return (column * scale).round().cast(pl.Int64)


def fold(name):
    return pl.col(name).str.to_lowercase()


def cdrs(month):
    """The CDRs; one that was sent twice is one CDR."""
    dimension = pl.Struct({"type": pl.String, "volume": pl.Float64})
    texts = ["country_code", "party_id", "id", "session_id", "currency", "credit_reference_id"]
    schema = {name: pl.String for name in texts} | {
        "credit": pl.Boolean,
        "charging_periods": pl.List(pl.Struct({"dimensions": pl.List(dimension)})),
    }
    each = pl.element().struct
    energy = pl.when(each.field("type") == "ENERGY").then(each.field("volume")).otherwise(0)
    kwh = pl.col("charging_periods").list.eval(each.field("dimensions").list.eval(energy).list.sum()).list.sum()
    credit = pl.col("credit").fill_null(False) | pl.col("credit_reference_id").is_not_null()
    return (
        pl.scan_ndjson(f"{month}/cdrs.ndjson", schema=schema)
        .select(*OWNER, "currency", fold("id").alias("cdr_id"), fold("session_id"), credit.alias("credit"), whole(kwh, 1000).alias("wh"))
        .unique()
        .with_columns((pl.col("wh") * pl.when("credit").then(-MICROS_A_WH).otherwise(MICROS_A_WH)).alias("recomputed"))
    )


def lines(month):
    amount = pl.col("amount_excl_vat").cast(pl.Float64)
    return pl.scan_csv(f"{month}/invoice.csv", infer_schema=False).select(
        *OWNER, "currency", fold("cdr_id"), fold("session_id"), whole(amount, 1_000_000).alias("claimed")
    )


def sessions(month):
    """The sessions whose energy is final."""
    schema = {name: pl.String for name in ["country_code", "party_id", "id", "status"]} | {"kwh": pl.Float64}
    return (
        pl.scan_ndjson(f"{month}/sessions.ndjson", schema=schema)
        .filter(~pl.col("status").is_in(["ACTIVE", "PENDING"]))
        .select(*OWNER, fold("id").alias("session_id"), whole(pl.col("kwh"), 1000).alias("session_wh"))
    )


def matched(month):
    """The lines with their CDR: by its id; where the line has none, by that of the session."""
    line, cdr = lines(month), cdrs(month)
    kept = [*OWNER, "session_id", "wh", "claimed", "recomputed"]
    by_id = line.drop("session_id").join(cdr, on=[*OWNER, "currency", "cdr_id"]).select(kept)
    others = line.filter(pl.col("cdr_id").is_null()).drop("cdr_id")
    return pl.concat([by_id, others.join(cdr, on=[*OWNER, "currency", "session_id"]).select(kept)])


def main(month, with_sessions):
    begun = time.monotonic()
    frame = matched(month)
    answer = [
        pl.len().alias("lines"),
        pl.sum("claimed"),
        pl.sum("recomputed"),
        ((pl.col("claimed") - pl.col("recomputed")).abs() > 5000).sum().alias("differing"),
    ]
    if with_sessions:
        frame = frame.join(sessions(month), on=[*OWNER, "session_id"], how="left")
        answer.append(((pl.col("session_wh") - pl.col("wh")).abs() > 1).sum().alias("contradicted"))
    else:
        answer.append(pl.lit(None).alias("contradicted"))
    row = frame.select(answer).collect(engine="streaming").row(0, named=True)
    print(json.dumps(row | {"seconds": round(time.monotonic() - begun, 3)}))


main(sys.argv[1], "sessions" in sys.argv[2:])
