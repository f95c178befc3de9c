import asyncio
import time

CYCLES = 5
INTERVAL = 1.0
RAISE_AT = 2
RETURN_EXCEPTIONS = False


async def cycle_print(cycles, what):
    for idx_cycle in range(cycles):
        await asyncio.sleep(INTERVAL)
        print(f"what: {what} cycle: {idx_cycle + 1}")


async def cycle_exc(cycles, what):
    for idx_cycle in range(cycles):
        if idx_cycle == RAISE_AT:
            raise RuntimeError("")
        await asyncio.sleep(INTERVAL)
        print(f"what: {what} cycle: {idx_cycle + 1}")


async def main():
    tasks = [
        asyncio.create_task(cycle_print(CYCLES, "task1")),
        asyncio.create_task(cycle_exc(CYCLES, "task1")),
    ]
    if RETURN_EXCEPTIONS:
        await asyncio.gather(*tasks, return_exceptions=True)
        return
    gat = asyncio.gather(*tasks)
    try:
        await gat
    except RuntimeError:
        for t in tasks:
            if not t.done():
                t.cancel()


if __name__ == "__main__":
    start = time.perf_counter()
    asyncio.run(main())
    print(f"done in {time.perf_counter() - start:.3f}")
