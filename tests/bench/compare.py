"""Runs the benchmark programs in turns and prints a table of medians and ratios; see scripts/bench.

A workload is run ROUNDS times by each program, A B C A B C; a ratio is taken between figures of one
round, so that what disturbs the machine for a while disturbs both sides of it, and its median
counts.
"""

import argparse
import json
import os
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import growth
from programs import Failed, aligned, number, ratios, run, show_progress


class Over(float):
    """A target as what there may be on top of the limit."""


# name of a result: unit, and the target as a multiple of the limit on the machine on which both
# were measured (a target without a limit there has none here)
ROWS = {
    "spawn": ("ns", 14 / 3.6),
    "yield2": ("ns", 6 / 2.2),
    "yield1000": ("ns", 4 / 1.8),
    "nested": ("ns", 6.5 / 5.0),
    "timers_cpu_ns": ("ns", 650 / 526),
    "timers_rss_B": ("B", 200 / 96),
    "timeout": ("ns", None),
    "timeout_raw": ("ns", 10 / 1.3),
    "pingpong1": ("ns", 15 / 3.2),
    "queue100": ("ns", 8 / 2.3),
    "event": ("ns", 10 / 2.5),
    "future": ("ns", 15 / 2.5),
    "mutex": ("ns", 2 / 0.7),
    "mutex10": ("ns", 15 / 5),
    "gather": ("ns", 25 / 6.3),
    "gather_rss_B": ("B", 144 / 84),
    "xpost": ("ns", 15 / 7.4),
    "xrt_us": ("us", 4.4 / 4.1),
    "tothread_us": ("us", 4.4 / 4.1),
    "sleepacc_mean_us": ("us", 37 / 34.6),
    "sleepacc_p99_us": ("us", 75 / 70),
    "echo_1x64": ("us", 1.03),
    "echo_50x64": ("us", 1.03),
    "echo_500x64": ("us", 1.03),
    "echo_1x16384": ("us", 1.03),
    "echo_50x16384": ("us", 1.03),
    "echo_500x16384": ("us", 1.03),
    "echo1_us": ("us", 45.3 / 42),
    "startup_us": ("us", 600 / 391),
    "startup_KiB": ("KiB", 1500 / 720),
    "tool_us": ("us", Over(400)),
    "tool_KiB": ("KiB", Over(2048)),
    "compile_s": ("s", Over(1.5)),
}
WORKLOADS = [
    "spawn", "yield2", "yield1000", "nested", "timers", "timeout", "pingpong1", "queue100", "event",
    "future", "mutex", "mutex10", "gather", "xpost", "xrt", "tothread", "sleepacc", "echo", "echo1",
    "startup", "tool", "compile",
]
ECHO_LOADS = [(connections, size) for size in (64, 16384) for connections in (1, 50, 500)]
ECHO_SECONDS = 1.0
STARTS = "50"  # of a program, for one figure of its start-up
EPILOG = """\
The figures and the plot of the documentation, on an idle machine:
  scripts/bench --growth --json --svg lib/doc/growth.svg >lib/doc/growth.json

The parts of the library one by one, where there is Google Benchmark; it has a --help of its own:
  build/bin/micro_bench [--benchmark_filter=timer_queue]
"""
HERE = os.path.dirname(os.path.abspath(__file__))
HEADERS = os.path.join(HERE, "..", "..", "lib", "include")


# --- Workloads that are measured from outside ---


def cpu_seconds(pid):
    with open(f"/proc/{pid}/schedstat", encoding="ascii") as schedstat:
        return int(schedstat.read().split()[0]) / 1e9


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_server(server, port):
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        if server.poll() is not None:
            return False
        time.sleep(0.02)
    return False


def measure_server(command, name, client, loads):
    """What the server `name` took for each load; server and client have a processor each.

    The figures of a load are the requests, the client's seconds, and the server's processor time.
    """
    port = free_port()
    cpus = sorted(os.sched_getaffinity(0))
    server = subprocess.Popen([*command, name, str(port)], stdin=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True,
                              preexec_fn=lambda: os.sched_setaffinity(0, {cpus[0]}))
    try:
        if not wait_for_server(server, port):
            if server.poll() == 2:
                return  # it has no such server
            server.kill()
            raise Failed(f"{' '.join(command)} {name}: {server.communicate()[1].strip() or 'no answer'}")
        for connections, size in loads:
            before = cpu_seconds(server.pid)
            done = run([client, str(port), str(connections), str(size), str(ECHO_SECONDS)],
                       preexec_fn=lambda: os.sched_setaffinity(0, {cpus[-1]}))
            yield done["requests"], done["seconds"], cpu_seconds(server.pid) - before
    finally:
        server.send_signal(signal.SIGKILL)
        server.communicate()


def measure_echo(command, client):
    """The server's processor time per request."""
    measured = measure_server(command, "echo", client, ECHO_LOADS)
    return {f"echo_{connections}x{size}": spent / requests * 1e6
            for (requests, _, spent), (connections, size) in zip(measured, ECHO_LOADS)}


def measure_echo1(command, client):
    """The real time per request, one at a time, of a server that looks for it without sleeping."""
    return {"echo1_us": seconds / requests * 1e6
            for requests, seconds, _ in measure_server(command, "echo1", client, [(1, 64)])}


def measure_compilation(name, compiler):
    """The processor time to compile a small program that includes all of the library, or none."""
    source = os.path.join(HERE, "compile_time", f"{name}.cpp")
    if not os.path.exists(source):
        return {}
    with tempfile.TemporaryDirectory() as folder:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run([compiler, "-std=c++20", "-O0", "-I", HEADERS, "-c", source, "-o",
             os.path.join(folder, "compiled.o")], env={**os.environ, "CCACHE_DISABLE": "1"})
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"compile_s": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}


def measure_tool(name, folder):
    """A short run of asyncdemo; its limit is an empty program that is linked as it is."""
    programs = {"asyncio": ["asyncdemo", "single", "-n", "1", "-i", "0", "-qq"],
                "limit": ["empty_program"]}
    if name not in programs:
        return {}
    program, *arguments = programs[name]
    done = run([os.path.join(folder, "start_client"), STARTS, os.path.join(folder, program), *arguments])
    return {f"tool_{result.removeprefix('startup_')}": value for result, value in done.items()}


def measure(workload, name, command, arguments):
    folder = arguments.programs
    if workload == "compile":
        return measure_compilation(name, arguments.compiler)
    if workload == "startup":
        return run([os.path.join(folder, "start_client"), STARTS, *command, "startup"])
    if workload == "tool":
        return measure_tool(name, folder)
    if workload == "echo":
        return measure_echo(command, os.path.join(folder, "echo_client"))
    if workload == "echo1":
        return measure_echo1(command, os.path.join(folder, "echo_client"))
    return run([*command, workload])


# --- What is compared ---


def programs_in(folder, baseline):
    """Name and command of each program that is there, ours first."""
    found = {"asyncio": [os.path.join(folder, "asyncio_bench")]}
    if baseline:
        found["baseline"] = [os.path.abspath(baseline)]
    for name in ("limit", "libuv", "asio"):
        program = os.path.join(folder, f"{name}_bench")
        if os.path.exists(program):
            found[name] = [program]
    found["cpython"] = [sys.executable, os.path.join(HERE, "peers", "cpython_bench.py")]
    return found


def measure_all(programs, arguments):
    """For each result: for each program its figures, one of each round."""
    figures = {}
    for workload in arguments.workloads or WORKLOADS:
        for turn in range(arguments.rounds):
            for name, command in programs.items():
                show_progress(f"{workload}: {name}, round {turn + 1} of {arguments.rounds}")
                for result, value in measure(workload, name, command, arguments).items():
                    figures.setdefault(result, {}).setdefault(name, []).append(value)
    show_progress("")
    return figures


def best_peer(row):
    peers = [name for name in row if name not in ("asyncio", "limit", "baseline")]
    return min(peers, key=lambda name: statistics.median(row[name]), default=None)


def to_limit(row, target):
    """What is to be shown of how a row's figures stand to the limit's, and should."""
    factors = ratios(row, "asyncio", "limit")
    if not factors:
        return ["", ""]
    if isinstance(target, Over):
        over = statistics.median(a - b for a, b in zip(row["asyncio"], row["limit"]))
        return [f"{over:+.2f}", f"{target:+.2f}"]
    return [f"{statistics.median(factors):.2f}", f"{target:.2f}" if target else ""]


def table_of(figures, programs):
    names = [name for name in programs if name != "asyncio"]
    yield ["workload", "unit", "asyncio", *names, "to best peer", "to limit", "target"]
    for result, row in figures.items():
        if "asyncio" not in row:
            continue
        unit, target = ROWS.get(result, ("", None))
        medians = [number(statistics.median(row[name])) if name in row else "" for name in names]
        peer = best_peer(row)
        to_peer = f"{statistics.median(ratios(row, 'asyncio', peer)):.2f} {peer}" if peer else ""
        yield [result, unit, number(statistics.median(row["asyncio"])), *medians, to_peer,
               *to_limit(row, target)]


# --- Regressions ---


def spread(values):
    return (max(values) - min(values)) / statistics.median(values)


def regressions(figures, earlier):
    """Lines on results that got slower by more than the noise: how far the rounds differ.

    With `earlier`, the figures of a run before, the ratios to the limit are compared, which do not
    hang on how fast the machine is at the time; else those to the other program of this run.
    """
    for result, row in figures.items():
        if earlier is None:
            change = ratios(row, "asyncio", "baseline")
            noise = spread(change) if change else 0
        else:
            now = ratios(row, "asyncio", "limit")
            before = ratios(earlier.get(result, {}), "asyncio", "limit")
            if not now or not before:
                continue
            change = [statistics.median(now) / statistics.median(before)]
            noise = spread(now) + spread(before)
        noise = max(noise, 0.03)
        if change and statistics.median(change) > 1 + noise:
            yield (f"{result}: {100 * (statistics.median(change) - 1):.0f} % slower than the baseline; "
                   f"the noise is {100 * noise:.0f} %")


def read_baseline(path):
    """The figures in a file that --json wrote; None if it is a program."""
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)["figures"]
    except (UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError):
        if os.access(path, os.X_OK):
            return None
        raise Failed(f"{path} is neither what --json wrote nor a program") from None


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description=__doc__.split("\n")[0], epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD",
                        help="what to run; all of them without one: " + " ".join(WORKLOADS))
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="how often (3)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--baseline", metavar="FILE",
                        help="an asyncio_bench of another build, or what --json wrote before: fail "
                             "if this build is slower by more than the noise")
    parser.add_argument("--alone", action="store_true", help="run no peers, but the limit")
    parser.add_argument("--growth", action="store_true",
                        help="run workloads with 10 to 1,000,000 tasks, timers or descriptors, the "
                             "library and the limit only: " + " ".join(growth.WORKLOADS))
    parser.add_argument("--svg", metavar="FILE", help="with --growth: draw it too")
    parser.add_argument("--from", dest="earlier", metavar="FILE",
                        help="with --growth: measure nothing, take what --json wrote before")
    parser.add_argument("--programs", default=".", help=argparse.SUPPRESS)
    parser.add_argument("--compiler", default="c++", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    known = growth.WORKLOADS if arguments.growth else WORKLOADS
    unknown = [name for name in arguments.workloads if name not in known]
    if unknown:
        parser.error(f"no workload '{unknown[0]}'; there are: {' '.join(known)}")
    if not arguments.growth and (arguments.svg or arguments.earlier):
        parser.error("--svg and --from go with --growth")
    if arguments.rounds < 1:
        parser.error("--rounds must be at least 1")
    return arguments


def main():
    arguments = parse_arguments()
    if arguments.growth:
        growth.main(arguments)
        return 0
    earlier, other = None, None
    if arguments.baseline:
        earlier = read_baseline(arguments.baseline)
        other = arguments.baseline if earlier is None else None
    programs = programs_in(arguments.programs, other)
    if arguments.alone:
        programs = {name: programs[name] for name in ("asyncio", "baseline", "limit")
                    if name in programs}
    figures = measure_all(programs, arguments)
    if arguments.json:
        json.dump({"schema": 1, "rounds": arguments.rounds, "figures": figures}, sys.stdout, indent=1)
        print()
    else:
        print(*aligned(table_of(figures, programs)), sep="\n")
    slower = list(regressions(figures, earlier)) if arguments.baseline else []
    for line in slower:
        print(line, file=sys.stderr)
    return 1 if slower else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Failed, OSError) as error:
        sys.exit(f"scripts/bench: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
