"""What the scripts of the benchmarks share: running a program, and printing figures."""

import subprocess
import sys

LIMIT_OF_A_RUN = 600  # seconds, after which a program is given up


class Failed(Exception):
    pass


def results_of(text):
    """The figures of the lines `RESULT name value`."""
    lines = [line.split() for line in text.splitlines() if line.startswith("RESULT ")]
    return {name: float(value) for _, name, value in lines}


def run(command, **options):
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=LIMIT_OF_A_RUN, **options)
    except subprocess.TimeoutExpired as expired:
        raise Failed(f"{' '.join(command)}: not done after {LIMIT_OF_A_RUN} s") from expired
    if done.returncode == 2 or "usage:" in done.stderr:
        return {}  # it has no such workload
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)}: status {done.returncode}: {done.stderr.strip()}")
    return results_of(done.stdout)


def show_progress(text):
    """On a terminal; the next one, or none, takes its place."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def ratios(row, name, other):
    """Of two programs' figures, round by round."""
    return [a / b for a, b in zip(row.get(name, []), row.get(other, [])) if b > 0]


def number(value):
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def aligned(rows):
    """Lines of a table, its first two columns to the left."""
    rows = list(rows)
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0]), row[1].ljust(widths[1])]
        cells += [cell.rjust(width) for cell, width in zip(row[2:], widths[2:])]
        yield "  ".join(cells).rstrip()
