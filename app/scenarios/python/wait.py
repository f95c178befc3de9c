import asyncio
import time

CYCLES = 5
INTERVAL = 1.0
SHORT_CYCLES = 2
TIMEOUT = 3 * INTERVAL
RETURN_WHEN = asyncio.ALL_COMPLETED


async def cycle_print(cycles, what):
    for idx_cycle in range(cycles):
        await asyncio.sleep(INTERVAL)
        print(f"what: {what} cycle: {idx_cycle + 1}")


async def main():
    tasks = [
        asyncio.create_task(cycle_print(SHORT_CYCLES, "task1")),
        asyncio.create_task(cycle_print(CYCLES, "task2")),
    ]
    done, pending = await asyncio.wait(tasks, timeout=TIMEOUT, return_when=RETURN_WHEN)
    for t in done:
        print(f"{t.get_name()} done")
    for t in pending:
        print(f"{t.get_name()} to cancel")
        t.cancel()


if __name__ == "__main__":
    start = time.perf_counter()
    asyncio.run(main())
    print(f"done in {time.perf_counter() - start:.3f}")
