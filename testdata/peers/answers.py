"""What reconcile found, in the terms in which the peers answer, and whether they agree."""

import json
import subprocess
from decimal import Decimal

MILLIONTH = Decimal(1_000_000)
TOLERANCE = 5000  # millionths: half a cent, as the case of the month says
ROUNDED = Decimal("0.00005")  # the crate rounds each total to four decimals


def compare_lines(path, peers):
    """Compares the peers' answers with the lines of a pack, prints how, and says whether all agree."""
    ours, same = of_lines(path), True
    shown = {name: Decimal(n) / MILLIONTH if name in ("claimed", "recomputed") else n for name, n in ours.items()}
    print("reconcile: {lines:,} lines have a CDR and claim {claimed:,.2f}, recomputed {recomputed:,.6f};".format(**shown))
    print("           {differing:,} claim another amount, of {contradicted:,} the session has other kWh".format(**shown))
    for p in peers:
        wrong = {name: n for name, n in p.found.items() if name in ours and n is not None and n != ours[name]}
        print(f"  {p.name}: " + (f"differs: {wrong}" if wrong else "agrees"))
        same = same and not wrong
    return same


def of_lines(path):
    found = dict.fromkeys(("lines", "claimed", "recomputed", "differing", "contradicted"), 0)
    with open(path, encoding="utf-8") as file:
        for text in file:
            line = json.loads(text)
            computed = (line["computed"] or {}).get("before_taxes")
            if computed is None:
                continue
            claimed, recomputed = millionths(line["invoiced"]["before_taxes"]), millionths(computed)
            found["lines"] += 1
            found["claimed"] += claimed
            found["recomputed"] += recomputed
            found["differing"] += abs(claimed - recomputed) > TOLERANCE
            found["contradicted"] += any(f["code"] == "en-session-mismatch" for f in line["findings"])
    return found


def millionths(text):
    n = Decimal(text) * MILLIONTH
    if n != int(n):
        raise ValueError(f"{text} is no whole number of millionths")
    return int(n)


def compare_prices(command, crate):
    """Compares how many CDRs reconcile and the crate price, and the sums, up to the crate's rounding."""
    priced, total = 0, Decimal(0)
    with subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True) as price:
        for text in price.stdout:
            amount = json.loads(text).get("computed", {}).get("total_cost", {}).get("before_taxes")
            if amount is not None:
                priced, total = priced + 1, total + Decimal(amount)
    answer = crate.found
    same = priced == answer["priced"] and abs(total - Decimal(answer["sum"])) <= ROUNDED * priced
    print(f"reconcile: {priced:,} CDRs are priced, together {total:,}")
    print(f"  {crate.name}: {'agrees' if same else 'differs'}: {answer['priced']:,}, {answer['sum']}")
    return same
