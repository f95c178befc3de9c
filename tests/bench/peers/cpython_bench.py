"""The workloads on CPython's asyncio: fewer repetitions of each operation, for it is slower."""

import asyncio
import os
import resource
import socket
import sys
import threading
import time

REPETITIONS = 5


def report(name, value):
    print(f"RESULT {name} {value:.2f}")


def cpu_ns():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime) * 1e9


def best_of(clock, operations, repetition):
    repetition()
    best = float("inf")
    for _ in range(REPETITIONS):
        start = clock()
        repetition()
        best = min(best, clock() - start)
    return best / operations


def measure(name, operations, main, clock=time.perf_counter_ns):
    report(name, best_of(clock, operations, lambda: asyncio.run(main())))


def status_bytes(field):
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith(field):
                return int(line.split()[1]) * 1024
    return 0


def measure_with_memory(name, rss_name, operations, main, clock=time.perf_counter_ns):
    before = status_bytes("VmRSS:")
    measure(name, operations, main, clock)
    report(rss_name, (status_bytes("VmHWM:") - before) / operations)


# --- Tasks ---


async def answer(value):
    return value


def spawn():
    async def main():
        for _ in range(50):
            tasks = [asyncio.create_task(answer(i)) for i in range(1000)]
            assert sum([await task for task in tasks]) == 499_500

    measure("spawn", 50_000, main)


async def yield_often(times):
    for _ in range(times):
        await asyncio.sleep(0)


def yield_in_turn(name, tasks):
    async def main():
        await asyncio.gather(*(yield_often(100_000 // tasks) for _ in range(tasks)))

    measure(name, 100_000, main)


async def nested(depth):
    if depth == 0:
        return 1
    return await nested(depth - 1) + 1


def nested_awaits():
    async def main():
        for _ in range(20_000):
            assert await nested(9) == 10

    measure("nested", 200_000, main)


async def yield_once(value):
    await asyncio.sleep(0)
    return value


def gather():
    async def main():
        results = await asyncio.gather(*(yield_once(i) for i in range(100_000)))
        assert results[-1] == 99_999

    measure_with_memory("gather", "gather_rss_B", 100_000, main)


# --- Timers ---


def timers():
    count = 100_000

    async def main():
        state = 88172645463325252
        tasks = []
        for _ in range(count):
            state ^= state << 13 & 0xFFFFFFFFFFFFFFFF
            state ^= state >> 7
            state ^= state << 17 & 0xFFFFFFFFFFFFFFFF
            tasks.append(asyncio.create_task(asyncio.sleep(state % 1_000_000_000 / 1e9)))
        for task in tasks:
            await task

    measure_with_memory("timers_cpu_ns", "timers_rss_B", count, main, cpu_ns)


def timeout():
    async def limited():
        for i in range(20_000):
            assert await asyncio.wait_for(yield_once(i), 10) == i

    async def raw():
        loop = asyncio.get_running_loop()
        for _ in range(100_000):
            loop.call_later(10, print).cancel()

    measure("timeout", 20_000, limited)
    measure("timeout_raw", 100_000, raw)


def sleepacc():
    async def main():
        late = []
        for _ in range(1000):
            start = time.perf_counter_ns()
            await asyncio.sleep(0.001)
            late.append((time.perf_counter_ns() - start - 1e6) / 1e3)
        return sorted(late)

    runs = [asyncio.run(main()) for _ in range(REPETITIONS + 1)][1:]
    report("sleepacc_mean_us", min(sum(late) / len(late) for late in runs))
    report("sleepacc_p99_us", min(late[990] for late in runs))


# --- Waiting for each other ---


def pingpong1():
    rounds = 20_000

    async def one(there, back):
        for i in range(rounds):
            await there.put(i)
            assert await back.get() == i

    async def other(there, back):
        for _ in range(rounds):
            await back.put(await there.get())

    async def main():
        there, back = asyncio.Queue(1), asyncio.Queue(1)
        await asyncio.gather(one(there, back), other(there, back))

    measure("pingpong1", 2 * rounds, main)


def queue100():
    items = 100_000

    async def produce(queue):
        for i in range(items):
            await queue.put(i)

    async def consume(queue):
        assert sum([await queue.get() for _ in range(items)]) == items * (items - 1) // 2

    async def main():
        queue = asyncio.Queue(100)
        await asyncio.gather(produce(queue), consume(queue))

    measure("queue100", items, main)


def event():
    times = 20_000

    async def set_and_wait(mine, other):
        for _ in range(times):
            other.set()
            await mine.wait()
            mine.clear()
        other.set()

    async def main():
        one, two = asyncio.Event(), asyncio.Event()
        await asyncio.gather(set_and_wait(one, two), set_and_wait(two, one))

    measure("event", 2 * times, main)


def future():
    times = 20_000

    async def answer_and_wait(table, me):
        loop = asyncio.get_running_loop()
        for _ in range(times):
            table[me] = loop.create_future()
            other = table[1 - me]
            if other and not other.done():
                other.set_result(1)
            if await table[me] < 0:
                break
        if not table[1 - me].done():
            table[1 - me].set_result(-1)

    async def main():
        table = [None, None]
        await asyncio.gather(answer_and_wait(table, 0), answer_and_wait(table, 1))

    measure("future", 2 * times, main)


def mutex():
    async def main():
        lock = asyncio.Lock()
        for _ in range(100_000):
            await lock.acquire()
            lock.release()

    measure("mutex", 100_000, main)


def mutex10():
    async def lock_and_yield(lock):
        for _ in range(5_000):
            await lock.acquire()
            await asyncio.sleep(0)
            lock.release()

    async def main():
        lock = asyncio.Lock()
        await asyncio.gather(*(lock_and_yield(lock) for _ in range(10)))

    measure("mutex10", 50_000, main)


# --- Threads ---


def on_one_processor():
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def xpost():
    posts = 50_000

    async def main():
        loop = asyncio.get_running_loop()
        everything = loop.create_future()
        received = 0

        def receive():
            nonlocal received
            received += 1
            if received == posts:
                everything.set_result(None)

        def post():
            for _ in range(posts):
                loop.call_soon_threadsafe(receive)

        poster = threading.Thread(target=post)
        poster.start()
        await everything
        poster.join()

    measure("xpost", posts, main)


def xrt():
    times = 5_000
    on_one_processor()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def repetition():
        for i in range(times):
            assert asyncio.run_coroutine_threadsafe(answer(i), loop).result() == i

    report("xrt_us", best_of(time.perf_counter_ns, times * 1e3, repetition))
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def tothread():
    on_one_processor()

    async def main():
        for i in range(5_000):
            assert await asyncio.to_thread(lambda value=i: value) == i

    measure("tothread_us", 5_000 * 1e3, main)


# --- Input and output ---


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data):
        self.transport.write(data)


def serve_echo(port):
    async def main():
        server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", port)
        await server.serve_forever()

    asyncio.run(main())


def startup():
    asyncio.run(yield_once(0))


WORKLOADS = {
    "startup": startup,
    "spawn": spawn,
    "yield2": lambda: yield_in_turn("yield2", 2),
    "yield1000": lambda: yield_in_turn("yield1000", 1000),
    "nested": nested_awaits,
    "gather": gather,
    "timers": timers,
    "timeout": timeout,
    "sleepacc": sleepacc,
    "pingpong1": pingpong1,
    "queue100": queue100,
    "event": event,
    "future": future,
    "mutex": mutex,
    "mutex10": mutex10,
    "xpost": xpost,
    "xrt": xrt,
    "tothread": tothread,
}

if __name__ == "__main__":
    if sys.argv[1:2] == ["echo"] and len(sys.argv) == 3:
        serve_echo(int(sys.argv[2]))
    elif len(sys.argv) == 2 and sys.argv[1] in WORKLOADS:
        WORKLOADS[sys.argv[1]]()
    else:
        sys.exit(f"usage: {sys.argv[0]} WORKLOAD, one of: {' '.join(WORKLOADS)}\n"
                 f"       {sys.argv[0]} echo PORT")
