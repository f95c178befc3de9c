import asyncio
import time

CYCLES = 5
INTERVAL = 1.0
SHORT_CYCLES = 2
DELAY = INTERVAL


def another_thread(loop):
    time.sleep(DELAY)
    future = asyncio.run_coroutine_threadsafe(
        cycle_print(CYCLES, "another_thread"), loop
    )
    future.result()


async def cycle_print(cycles, what):
    for idx_cycle in range(cycles):
        await asyncio.sleep(INTERVAL)
        print(f"what: {what} cycle: {idx_cycle + 1}")


async def main():
    task1 = asyncio.create_task(cycle_print(SHORT_CYCLES, "task1"))
    task2 = asyncio.create_task(cycle_print(CYCLES, "task2"))
    thread = asyncio.to_thread(another_thread, asyncio.get_running_loop())
    await asyncio.gather(task1, task2, thread)


if __name__ == "__main__":
    start = time.perf_counter()
    asyncio.run(main())
    print(f"done in {time.perf_counter() - start:.3f}")
