"""Joins the invoice lines of a month with its CDRs in DuckDB and compares the amounts; with "sessions", also the kWh of the sessions."""

import json
import pathlib
import sys
import time

import duckdb

COMPARED = "count(*), sum(claimed), sum(recomputed), count(*) FILTER (abs(claimed - recomputed) > 5000)"
CONTRADICTED = "count(*) FILTER (abs(session.wh - matched.wh) > 1)"
SESSIONS = "LEFT JOIN session USING (country_code, party_id, session_id)"


def main(month, sessions):
    begun = time.monotonic()
    db = duckdb.connect()
    db.execute("SET VARIABLE month = '" + month.replace("'", "''") + "'")
    db.execute(pathlib.Path(__file__).with_suffix(".sql").read_text())
    select, join = (f"{COMPARED}, {CONTRADICTED}", SESSIONS) if sessions else (f"{COMPARED}, NULL", "")
    row = db.execute(f"SELECT {select} FROM matched {join}").fetchone()
    names = ("lines", "claimed", "recomputed", "differing", "contradicted")
    answer = {name: None if value is None else int(value) for name, value in zip(names, row)}
    print(json.dumps(answer | {"seconds": round(time.monotonic() - begun, 3)}))


main(sys.argv[1], "sessions" in sys.argv[2:])
