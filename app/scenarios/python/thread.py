import asyncio
import time

CYCLES = 5
INTERVAL = 1.0
SHORT_CYCLES = 2
BLOCK_CYCLES = 2


def cycle_print_block(cycles, what):
    for idx_cycle in range(cycles):
        time.sleep(INTERVAL)
        print(f"what: {what} cycle: {idx_cycle + 1}")


async def cycle_print(cycles, what):
    for idx_cycle in range(cycles):
        await asyncio.sleep(INTERVAL)
        print(f"what: {what} cycle: {idx_cycle + 1}")


async def main():
    tasks = [
        asyncio.create_task(cycle_print(SHORT_CYCLES, "task1")),
        asyncio.create_task(cycle_print(CYCLES, "task2")),
        asyncio.create_task(
            asyncio.to_thread(cycle_print_block, BLOCK_CYCLES, "task_block")
        ),
    ]
    await asyncio.gather(*tasks)


if __name__ == "__main__":
    start = time.perf_counter()
    asyncio.run(main())
    print(f"done in {time.perf_counter() - start:.3f}")
