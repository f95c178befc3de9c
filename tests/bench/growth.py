"""How the cost of an operation grows with the number of tasks, timers or descriptors there are.

For each workload and size the library and the bare program run in turns; each in a process of its
own. What grows as much without a library is the machine's doing: a million tasks do not fit into a
cache. cachegrind counts as many instructions for an operation among 200,000 as among 1,000, but the
lines that miss the first cache miss the last one too.
"""

import json
import math
import os
import resource
import statistics
import sys

from programs import Failed, aligned, number, ratios, run, show_progress

SIZES = (10, 1_000, 100_000, 1_000_000)
FLAT = 1.5  # times that the largest may cost the smallest, and count as flat
ALIKE = 0.7  # of the growth is the machine's, if bare C++ grows that much

POOL = "the pool keeps 32 MB, more is fetched anew from the system"

# name: what there are so many of, and what else than the caches makes the cost grow
WORKLOADS = {
    "spawn": ("tasks", POOL),
    "yield": ("tasks", ""),
    "nested": ("awaits deep", ""),
    "gather": ("children", POOL),
    "timers": ("sleeping tasks", "timers are sorted, log n; " + POOL),
    "arm": ("timers armed", ""),
    "event": ("tasks waiting", ""),
    "queue": ("items", ""),
    "mutex": ("tasks waiting", ""),
    "descriptors": ("watched", "the kernel looks each one up"),
}
DEEPEST = 100_000  # a chain takes 48 bytes of the stack for each await
MOST_DESCRIPTORS = 100_000  # the kernel's memory for more is not worth it
OTHER_DESCRIPTORS = 50  # that a process has


def allow_descriptors():
    """Raises the limit of open descriptors as far as it goes; returns how many can be watched."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_DESCRIPTORS + OTHER_DESCRIPTORS
    allowed = most if hard == resource.RLIM_INFINITY else min(hard, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return allowed - OTHER_DESCRIPTORS


def sizes_of(workload):
    if workload == "nested":
        return [size for size in SIZES if size <= DEEPEST]
    if workload == "descriptors":
        most = allow_descriptors()
        return [size for size in SIZES if size < most] + [most]
    return SIZES


def measure(arguments):
    """For each workload: for each program: for each size its figures, one of each round."""
    programs = {name: os.path.join(arguments.programs, f"{name}_bench")
                for name in ("asyncio", "limit")}
    figures = {}
    for workload in arguments.workloads or WORKLOADS:
        for size in sizes_of(workload):
            for turn in range(arguments.rounds):
                for name, program in programs.items():
                    show_progress(f"{workload} {size}: {name}, round {turn + 1} of "
                                  f"{arguments.rounds}")
                    for value in run([program, workload, str(size)]).values():
                        of_program = figures.setdefault(workload, {}).setdefault(name, {})
                        of_program.setdefault(str(size), []).append(value)
    show_progress("")
    return figures


def read_figures(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)["growth"]
    except (UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError):
        raise Failed(f"{path} is not what --growth --json wrote") from None


def medians_of(by_size):
    """Size and nanoseconds, the smallest size first."""
    return [(int(size), statistics.median(values)) for size, values in by_size.items()]


def growth_of(by_size):
    """What the largest size costs as a multiple of the smallest, round by round."""
    return statistics.median(ratios({"least": list(by_size.values())[0],
                                     "most": list(by_size.values())[-1]}, "most", "least"))


def verdict(workload, row):
    """Whether it stays flat; if not, how that comes."""
    most = list(row["asyncio"])[-1]
    last = f" ({int(most):,} are the most there can be here)" if int(most) not in SIZES else ""
    if growth_of(row["asyncio"]) <= FLAT:
        return "flat" + last
    _, reason = WORKLOADS[workload]
    reasons = [reason] if reason else []
    if "limit" not in row:
        reasons.append("cache misses")
    elif growth_of(row["limit"]) > ALIKE * growth_of(row["asyncio"]):
        reasons.append("cache misses, as without a library")
    else:
        reasons.append("cache misses, where bare C++ has little to fetch")
    return "grows: " + "; ".join(reasons) + last


def cells_of(by_size):
    """Its figures in the columns of SIZES, and the growth."""
    costs = [number(cost) for _, cost in medians_of(by_size)]
    return costs + [""] * (len(SIZES) - len(costs)) + [f"{growth_of(by_size):.2f}"]


def print_table(figures):
    rows = [["workload", "ns", *(f"{size:,}" for size in SIZES), "growth"]]
    for workload, row in figures.items():
        rows.append([workload, WORKLOADS[workload][0], *cells_of(row["asyncio"])])
        if "limit" in row:
            rows.append(["", "bare C++", *cells_of(row["limit"])])
    lines = aligned(rows)
    print(next(lines))
    for workload, row in figures.items():
        for _ in row:
            print(next(lines))
        print(f"  {verdict(workload, row)}")


# --- The plot: a panel for each workload, all on the same two logarithmic scales ---

PANEL_WIDTH, PANEL_HEIGHT = 132, 150
GAP_X, GAP_Y, LEFT, TOP, COLUMNS = 44, 86, 56, 138, 5
STYLE = """
svg { --ground: #fff; --edge: #d0d7de; --ink: #1f2328; --faint: #57606a; --grid: #e4e8ec;
      --ours: #0969da; --bare: #8c959f; }
@media (prefers-color-scheme: dark) {
  svg { --ground: #0d1117; --edge: #30363d; --ink: #e6edf3; --faint: #9198a1; --grid: #21262d;
        --ours: #4493f8; --bare: #7d8590; } }
text { fill: var(--ink); font-size: 12px; } .faint { fill: var(--faint); }
.head { font-size: 18px; font-weight: 600; } .name { font-size: 14px; font-weight: 600; }
.card { fill: var(--ground); stroke: var(--edge); } .grid { stroke: var(--grid); }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.ours { stroke: var(--ours); } .bare { stroke: var(--bare); stroke-dasharray: 5 3; }
.dot-ours { fill: var(--ours); } .dot-bare { fill: var(--bare); }
"""


def text(x, y, words_, style="", anchor="start"):
    escaped = words_.replace("&", "&amp;").replace("<", "&lt;")
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
            + (f' class="{style}"' if style else "") + f">{escaped}</text>")


def short(size):
    for unit, letter in ((1_000_000, "M"), (1_000, "k")):
        if size >= unit:
            return f"{size // unit}{letter}"
    return str(size)


def rounded(cost):
    return f"{cost:.1f}" if cost < 10 else f"{cost:.0f}"


class Panel:
    """Where a workload's curves stand."""

    def __init__(self, x, y, decades):
        self.x, self.y, self.decades = x, y, decades

    def at(self, size, cost):
        across = math.log10(size / SIZES[0]) / math.log10(SIZES[-1] / SIZES[0])
        up = math.log10(max(cost, 1)) / self.decades
        return self.x + across * PANEL_WIDTH, self.y + PANEL_HEIGHT * (1 - up)

    def grid(self):
        for power in range(self.decades + 1):
            _, y = self.at(1, 10 ** power)
            yield f'<path class="grid" d="M{self.x} {y:.1f}h{PANEL_WIDTH}"/>'
            yield text(self.x - 6, y + 4, short(10 ** power) + (" ns" if power == 0 else ""), "faint",
                       "end")
        for size in SIZES:
            x, _ = self.at(size, 1)
            yield f'<path class="grid" d="M{x:.1f} {self.y}v{PANEL_HEIGHT}"/>'
            yield text(x, self.y + PANEL_HEIGHT + 16, short(size), "faint", "middle")

    def curve(self, points, style, label_below):
        places = [self.at(size, cost) for size, cost in points]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        yield f'<path class="line {style}" d="M{path}"/>'
        for (x, y), (size, cost) in zip(places, points):
            yield (f'<circle class="dot-{style}" cx="{x:.1f}" cy="{y:.1f}" r="3">'
                   f"<title>{size:,}: {number(cost)} ns</title></circle>")
        for (x, y), (_, cost), anchor in ((places[0], points[0], "start"),
                                          (places[-1], points[-1], "end")):
            yield text(x, y + (16 if label_below else -8), rounded(cost), "", anchor)


def svg_of(figures):
    rows = math.ceil(len(figures) / COLUMNS)
    width = LEFT + COLUMNS * (PANEL_WIDTH + GAP_X) - GAP_X + 28
    height = TOP + rows * (PANEL_HEIGHT + GAP_Y) - 30
    costs = [cost for row in figures.values() for by_size in row.values()
             for _, cost in medians_of(by_size)]
    decades = math.ceil(math.log10(max(costs)))
    title = "What an operation costs, the more there are"
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
           f'height="{height}" role="img" aria-labelledby="growth-title" font-family="system-ui,'
           "-apple-system,'Segoe UI',Helvetica,Arial,sans-serif\">")
    yield f'<title id="growth-title">{title}</title>'
    yield f"<style>{STYLE}</style>"
    yield (f'<rect class="card" x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="12"/>')
    yield text(28, 42, title, "head")
    yield text(28, 66, "Processor time of one operation in ns, over how many there are at once; both "
               "scales are logarithmic. × is the right end over the left one.", "faint")
    for x, style, name in ((28, "ours", "asyncio"), (128, "bare", "bare C++, no library")):
        yield f'<path class="line {style}" d="M{x} 86h24"/>'
        yield text(x + 32, 90, name)
    for index, (workload, row) in enumerate(figures.items()):
        panel = Panel(LEFT + index % COLUMNS * (PANEL_WIDTH + GAP_X),
                      TOP + index // COLUMNS * (PANEL_HEIGHT + GAP_Y), decades)
        yield text(panel.x, panel.y - 8, workload, "name")
        yield text(panel.x + PANEL_WIDTH, panel.y - 8,
                   f"× {growth_of(row['asyncio']):.1f}", "faint", "end")
        yield text(panel.x + PANEL_WIDTH / 2, panel.y + PANEL_HEIGHT + 34, WORKLOADS[workload][0],
                   "", "middle")
        yield from panel.grid()
        if "limit" in row:
            yield from panel.curve(medians_of(row["limit"]), "bare", True)
        yield from panel.curve(medians_of(row["asyncio"]), "ours", False)
    yield "</svg>"


def main(arguments):
    figures = read_figures(arguments.earlier) if arguments.earlier else measure(arguments)
    if arguments.svg:
        with open(arguments.svg, "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in svg_of(figures))
    if arguments.json:
        json.dump({"schema": 1, "unit": "ns", "growth": figures}, sys.stdout, indent=1)
        print()
    else:
        print_table(figures)
