"""Chance that repeats: the same seed gives the same choice, in Python and in JavaScript."""

from collections.abc import Collection

__all__ = ["disordered", "hashed", "pick", "shuffled"]

_ALL = 0xFFFFFFFF


def hashed(text: str) -> int:
    """Return the 32-bit FNV-1a hash of a text (Fowler, Noll and Vo), from 0 to 2**32 - 1."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = (value ^ byte) * 0x01000193 & _ALL
    return value


def pick(count: int, seed: str, name: str) -> int:
    """Return a number from 0 to below ``count``, for this seed and this question."""
    return hashed(f"{seed}/{name}") % count


def shuffled(count: int, seed: str, name: str, pinned: Collection[int] = ()) -> list[int]:
    """Return the numbers from 0 to below ``count`` shuffled; pinned ones keep their place.

    Fisher and Yates's shuffle with the generator mulberry32 (T. Ettinger).
    """
    state = hashed(f"{seed}/{name}/order")

    def chance() -> int:
        nonlocal state
        state = (state + 0x6D2B79F5) & _ALL
        value = (state ^ (state >> 15)) * (state | 1) & _ALL
        value ^= (value + ((value ^ (value >> 7)) * (value | 61) & _ALL)) & _ALL
        return (value ^ (value >> 14)) & _ALL

    free = [number for number in range(count) if number not in pinned]
    mixed = list(free)
    for last in range(len(mixed) - 1, 0, -1):
        other = chance() % (last + 1)
        mixed[last], mixed[other] = mixed[other], mixed[last]
    result = list(range(count))
    for place, number in zip(free, mixed, strict=True):
        result[place] = number
    return result


def disordered(count: int, seed: str, name: str) -> list[int]:
    """Return the positions of things to be ordered, as they are shown at first.

    At most half of the pairs stand in their right order, so that this order, left as it is,
    earns nothing by chance.
    """
    order = shuffled(count, seed, name)
    pairs = count * (count - 1) // 2
    rising = sum(order[a] < order[b] for a in range(count) for b in range(a + 1, count))
    return order[::-1] if 2 * rising > pairs else order
