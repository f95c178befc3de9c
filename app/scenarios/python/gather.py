import asyncio
import time

CYCLES = 5
INTERVAL = 1.0
TASKS = 3


async def cycle_print(cycles, what):
    for idx_cycle in range(cycles):
        await asyncio.sleep(INTERVAL)
        print(f"what: {what} cycle: {idx_cycle + 1}")


async def main():
    coroutines = []
    for task in range(1, TASKS + 1):
        coroutines.append(cycle_print(CYCLES, f"task{task}"))
    gat = asyncio.gather(*coroutines)
    await gat


if __name__ == "__main__":
    start = time.perf_counter()
    asyncio.run(main())
    print(f"done in {time.perf_counter() - start:.3f}")
