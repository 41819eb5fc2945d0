"""The same month through reconcile and through what a user would pick instead, side by side: times, memory, ratios.

Each program runs as a whole process, in turns: a round to warm up, then ROUNDS that count; the median is told. What the peers find is
held against what reconcile found, for otherwise the work is not the same. Peers that are not installed are named and left out.
'make bench-peers' calls this; CONTRIBUTING.md says how.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys

import answers
import measure

HERE = pathlib.Path(__file__).resolve().parent
CRATE = "ocpi-tariffs"
PRICED = 30_000  # CDRs that are priced: what one CDR costs does not hang on their number


def main():
    o = options()
    cache = pathlib.Path(o.cache).resolve()
    if o.install:
        install(cache, o.cargo)
    records, load = measure.lines_of(f"{o.month}/cdrs.ndjson"), os.getloadavg()[0]
    print(f"{o.month}: {records:,} CDRs, median of {o.rounds} after a warm-up; {os.cpu_count()} processors, load {load:.1f} before")
    same = whole_job(o, cache, records)
    same = pricing(o, cache) and same
    print("\nanswers: all agree" if same else "\nanswers: NOT the same work, the ratios mean nothing")
    return 0 if same else 1


def options():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--binary", required=True, help="reconcile")
    p.add_argument("--month", required=True, help="folder of 'reconcile generate --profile single'")
    p.add_argument("--cache", default="bench", help="folder for packs, the venv and what is built")
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--go", default="go")
    p.add_argument("--cargo", default="cargo")
    p.add_argument("--install", action="store_true", help="first install the peers into the cache, from the network")
    return p.parse_args()


def install(cache, cargo):
    """Puts DuckDB and Polars into a venv of the cache, and builds the program around the crate where there is a cargo."""
    subprocess.run([sys.executable, "-m", "venv", cache / "venv"], check=True)
    subprocess.run([venv_python(cache), "-m", "pip", "install", "--quiet", "-r", HERE / "requirements.txt"], check=True)
    words = cargo.split()
    if not shutil.which(words[0]):
        print(f"{CRATE}: no {words[0]}, not built")
        return
    shutil.copytree(HERE / CRATE, cache / CRATE, dirs_exist_ok=True)
    if subprocess.run([*words, "build", "--release", "--quiet"], cwd=cache / CRATE).returncode != 0:
        print(f"{CRATE}: not built; it needs Rust 1.96 (CARGO='cargo +nightly' names another toolchain)")


def venv_python(cache):
    return cache / "venv" / "bin" / "python"


def python_of(cache, module):
    """The Python that has the module, that of the venv before our own, and the version of the module; or nothing twice."""
    for python in (venv_python(cache), pathlib.Path(sys.executable)):
        command = [python, "-c", f"import {module}; print({module}.__version__)"]
        if python.exists() and (done := subprocess.run(command, capture_output=True, text=True)).returncode == 0:
            return python, done.stdout.strip()
    return None, None


def whole_job(o, cache, records):
    """Measures run and the queries, prints the table, and says whether all found the same."""
    pack = cache / "pack"
    run = [o.binary, "run", f"{o.month}/case.yaml", "--out", pack, "--quiet", *only_ndjson(o.binary)]
    programs = [measure.Program("reconcile run", run, fresh=pack)]
    for module, name in (("duckdb", "DuckDB"), ("polars", "Polars")):
        python, version = python_of(cache, module)
        if not python:
            print(f"{name} is not installed and left out: make bench-peers INSTALL=1, or pip install {module}")
            continue
        query = [python, HERE / f"{module}_month.py", o.month]
        programs.append(measure.Program(f"{name} {version}", query, read=json.loads))
        programs.append(measure.Program(f"{name} {version}, sessions too", [*query, "sessions"], read=json.loads))
    measure.in_turns(programs, o.rounds)
    ours, *peers = programs
    measure.table("run: read, price, match, judge, write the pack; peers join and compare", programs, records)
    measure.ratios(ours, peers)
    return answers.compare_lines(pack / "data" / "lines.ndjson", peers)


def only_ndjson(binary):
    """Forms of the lines beside lines.ndjson are measured apart."""
    help_text = subprocess.run([binary, "run", "--help"], capture_output=True, text=True, check=True).stdout
    return ["--lines-as", "none"] if "--lines-as" in help_text else []


def pricing(o, cache):
    """Measures pricing on one thread, prints the table, and says whether all found the same."""
    few = cache / "priced"
    records = measure.head(f"{o.month}/cdrs.ndjson", few / "cdrs.ndjson", PRICED)
    one = {"GOMAXPROCS": "1"}
    price = [o.binary, "price", few / "cdrs.ndjson", "--format", "json", "--quiet", "--workers", "1"]
    programs = [measure.Program("reconcile price", price, env=one)]
    if shutil.which(o.go):
        test = [o.go, "test", "./reconcile/job", "-run", "^$", "-bench", "DecodeAndPrice", "-cpu", "1", "-benchtime", "3x"]
        env = {"RECONCILE_MONTH": str(few)}
        programs.append(measure.Program("its engine, in process", test, env=env, read=measure.of_benchmark(records)))
    built = cache / CRATE / "target" / "release" / "ocpi-tariffs-month"
    if built.exists():
        programs.append(measure.Program(CRATE, [built, few / "cdrs.ndjson"], read=json.loads))
    else:
        print(f"\n{CRATE} is not installed and left out: make bench-peers INSTALL=1, with Rust 1.96")
    measure.in_turns(programs, o.rounds)
    measure.table(f"price: {records:,} CDRs on one thread", programs, records)
    if not built.exists():
        return True
    for ours in programs[:-1]:
        measure.ratios(ours, programs[-1:])
    return answers.compare_prices(price, programs[-1])


sys.exit(main())
