import asyncio
import time

CYCLES = 5
INTERVAL = 1.0
TIMEOUT = 3 * INTERVAL
SHIELD = False


async def cycle_print(cycles, what):
    for idx_cycle in range(cycles):
        await asyncio.sleep(INTERVAL)
        print(f"what: {what} cycle: {idx_cycle + 1}")


async def unshielded():
    try:
        await asyncio.wait_for(cycle_print(CYCLES, "task1"), TIMEOUT)
    except TimeoutError:
        print("timeout")


async def shielded():
    task = asyncio.create_task(cycle_print(CYCLES, "task1"))
    try:
        await asyncio.wait_for(asyncio.shield(task), TIMEOUT)
    except TimeoutError:
        print("timeout")
    await task


async def main():
    if SHIELD:
        await shielded()
    else:
        await unshielded()


if __name__ == "__main__":
    start = time.perf_counter()
    asyncio.run(main())
    print(f"done in {time.perf_counter() - start:.3f}")
