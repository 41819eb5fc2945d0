"""Runs programs as whole processes, and prints their times, throughput and peak memory."""

import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


class Program:
    """A command to measure.

    Where read is given it turns what was printed into what was found; seconds among that is the time of the work without the start of
    the process, and took stands in place of the time of the process. A folder named by fresh is removed before each run.
    """

    def __init__(self, name, command, read=None, env=None, fresh=None):
        self.name, self.command, self.read, self.fresh = name, [str(word) for word in command], read, fresh
        self.env = {**os.environ, **(env or {})}
        self.times, self.work, self.peak, self.found = [], 0.0, 0, {}  # work: seconds of all processors in the last run

    def run(self):
        """Runs it once and gives back the seconds it took."""
        if self.fresh:
            shutil.rmtree(self.fresh, ignore_errors=True)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            begun = time.monotonic()
            process = subprocess.Popen(self.command, env=self.env, stdout=out if self.read else subprocess.DEVNULL, stderr=err)
            _, status, usage = os.wait4(process.pid, 0)
            took = time.monotonic() - begun
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                err.seek(0)
                sys.exit(f"{' '.join(self.command)}: exit status {process.returncode}\n{err.read().decode()}")
            out.seek(0)
            self.found = self.read(out.read().decode()) if self.read else {}
        bytes_a_unit = 1 if sys.platform == "darwin" else 1024
        self.peak = max(self.peak, usage.ru_maxrss * bytes_a_unit)
        self.work = usage.ru_utime + usage.ru_stime
        return self.found.get("took", took)

    def median(self):
        return statistics.median(self.times)


def in_turns(programs, rounds):
    """Runs all programs once to warm up, and then in rounds, so that a slow spell of the machine meets them all."""
    for p in programs:
        p.run()
    for _ in range(rounds):
        for p in programs:
            p.times.append(p.run())


def of_benchmark(records):
    """Reads the CDR/s that a Go benchmark prints."""

    def read(text):
        words = text.split()
        return {"took": records / float(words[words.index("CDR/s") - 1])}

    return read


def table(title, programs, records):
    """Prints the median, the quickest and the slowest time, the work of all processors, that of the query alone, throughput and memory."""
    print(f"\n{title}\n{'':32}{'seconds':>10}{'from':>9}{'to':>9}{'CPU':>9}{'query':>9}{'CDR/s':>12}{'peak MB':>9}")
    for p in programs:
        query, work, peak = p.found.get("seconds", ""), f"{p.work:.2f}", f"{p.peak / 1e6:.0f}"
        if "took" in p.found:
            work, peak = "", ""  # those of go test
        print(f"{p.name:32}{p.median():10.2f}{min(p.times):9.2f}{max(p.times):9.2f}{work:>9}{query:>9}{records / p.median():12,.0f}{peak:>9}")


def ratios(ours, peers):
    for p in peers:
        print(f"{ours.name} : {p.name} = {p.median() / ours.median():.2f} x its throughput")


def lines_of(path):
    with open(path, "rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


def head(source, target, count):
    """Copies the first lines of a file and says how many."""
    pathlib.Path(target).parent.mkdir(parents=True, exist_ok=True)
    copied = 0
    with open(source, "rb") as src, open(target, "wb") as dst:
        for line in src:
            if copied == count:
                break
            dst.write(line)
            copied += 1
    return copied
