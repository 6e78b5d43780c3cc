"""How much longer a call takes when its input is four times as long."""

import time
from collections.abc import Callable


def growth(call: Callable[[int], object], size: int) -> float:
    """Processor time of `call(4 * size)` over that of `call(size)`: about 4 if linear, 16 if quadratic."""

    def seconds(of: int) -> float:
        start = time.process_time()
        call(of)
        return time.process_time() - start

    ratios = []
    for _ in range(10):  # the processor may do something else meanwhile
        ratios.append(seconds(4 * size) / seconds(size))
        if ratios[-1] < 6:
            break
    return min(ratios)
