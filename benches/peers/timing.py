"""
Timing that can be compared, with the rules of benches/harness.ts: every contender first shows that its output is right, then all
run in turns, shuffled anew each round, so that a slow minute of the machine falls on all alike. Wall clock, end to end, over at
least 50 ms a sample. The first contender is entered twice: its second entry is the control, which must read 1.0x.
"""

import math
import random
import time
from dataclasses import dataclass, field
from typing import Any, Callable, Optional

CONTROL = "control: the same again"

LEAST_ROUNDS = 3
# Aim above the least length, since the first measure is taken cold.
HEADROOM = 1.3
# A control of 0.95 to 1.05 reads 1.0x.
READS_ONE = 0.05
# Beyond this no spread is an excuse: one that holds 1 all the same is too wide to compare anything by.
TOO_FAR = 0.2
# With fewer samples quartiles say little, and the whole range stands for the spread.
SAMPLES_FOR_QUARTILES = 5


@dataclass(frozen=True)
class Timing:
    """`budget`: a contender sits out the rounds after its third once it alone has been timed for so many seconds."""

    seconds: float
    rounds: int
    budget: float


USUAL = Timing(seconds=0.05, rounds=9, budget=20)
QUICK = Timing(seconds=0.02, rounds=3, budget=2)


@dataclass
class Running:
    """
    A contender set up and ready, with real data in place. `check` raises with the reason when the output is wrong; `run(n)` does the
    work n times and returns when the device has finished all of it. `flops` and `items` (units of work) are of one run.
    """

    check: Callable[[], None]
    run: Callable[[int], None]
    flops: Optional[float] = None
    items: float = 1


@dataclass
class Contender:
    name: str
    prepare: Callable[[], Running]


@dataclass
class _Entry:
    contender: Contender
    running: Optional[Running] = None
    n: int = 1
    samples: list = field(default_factory=list)
    spent: float = 0
    error: Optional[str] = None


def run_bench(name, title, unit, contenders, adapter, say, timing=USUAL, conclusions=()):
    """A `Result` of benches/types.ts. `adapter` holds `on`, `adapter` and `fallback` of its rows; `say` takes lines of progress."""
    first = contenders[0]
    entered = [first, Contender(CONTROL, first.prepare), *contenders[1:]]
    entries = [_Entry(contender) for contender in entered]
    for entry in entries:
        _attempt(entry, say, lambda: _set_up(entry, name, say, timing))
    for round in range(timing.rounds):
        # Shuffled anew, so that nobody always runs on the heels of the same neighbour; the same way in every run.
        for entry in random.Random(round).sample(entries, len(entries)):
            spent = len(entry.samples) >= LEAST_ROUNDS and entry.spent >= timing.budget
            if entry.error is None and not spent:
                _attempt(entry, say, lambda: _take_sample(entry, timing))
        say(f"{name}: round {round + 1} of {timing.rounds} done")
    rows = [_summarise(entry, adapter) for entry in entries]
    base = rows[0].get("rate")
    for row in rows:
        if base is not None and "rate" in row:
            row["speed"] = row["rate"] / base
    result: dict[str, Any] = {"name": name, "title": title, "unit": unit, "rows": rows}
    control = judge_control(entries[0].samples, entries[1].samples)
    if control is not None:
        result["control"] = control
    result["conclusions"] = list(conclusions)
    return result


def _set_up(entry, bench, say, timing):
    name = entry.contender.name
    say(f"{bench}: {name}: preparing")
    entry.running = entry.contender.prepare()
    say(f"{bench}: {name}: checking")
    entry.running.check()
    entry.n = _calibrate(entry.running, timing)
    say(f"{bench}: {name}: right; {entry.n} a sample")


def _attempt(entry, say, work):
    try:
        work()
    except Exception as error:  # a failing contender becomes a row with its error
        lines = [line.strip() for line in str(error).split("\n") if line.strip()]
        entry.error = " ".join(lines[:2]) or type(error).__name__
        say(f"{entry.contender.name}: {error}")


def _clock(running, n):
    start = time.perf_counter()
    running.run(n)
    return time.perf_counter() - start


def _take_sample(entry, timing):
    """A sample that came out too short, because the machine has become faster, is taken again with more runs."""
    while True:
        took = _clock(entry.running, entry.n)
        entry.spent += took
        if took >= timing.seconds:
            entry.samples.append(took / entry.n)
            return
        entry.n = _enlarge(entry.n, took, timing)


def _calibrate(running, timing):
    """
    Warms up (checking was the first of it) and finds how many runs make a sample of the least length. The last measure is a
    warm one of that length.
    """
    n = 1
    while True:
        took = _clock(running, n)
        if took >= timing.seconds:
            return n
        n = _enlarge(n, took, timing)


def _enlarge(n, took, timing):
    wanted = math.ceil(n * timing.seconds * HEADROOM / max(took, 1e-5))
    return min(max(wanted, n + 1), 100 * n)


def _summarise(entry, adapter):
    head = {"contender": entry.contender.name, **adapter}
    if entry.error is not None or entry.running is None or not entry.samples:
        return {**head, "error": entry.error or "not run"}
    seconds = spread(entry.samples)
    median, flops, items = seconds["median"], entry.running.flops, entry.running.items
    row = {**head, "n": entry.n, "samples": entry.samples, "seconds": seconds, "items": items}
    row["rate"] = items / median
    if flops is not None:
        row.update(flops=flops, gflops=flops / median / 1e9)
    return row


def judge_control(base, control):
    """Base over control, round by round, so that what slows a whole round cancels. None where either has no samples."""
    ratios = [a / b for a, b in zip(base, control)]
    if not ratios:
        return None
    speed = spread(ratios)
    whole = len(ratios) < SAMPLES_FOR_QUARTILES
    low = min(ratios) if whole else speed["lower"]
    high = max(ratios) if whole else speed["upper"]
    off = abs(speed["median"] - 1)
    return {"speed": speed, "holds": off <= READS_ONE or (off <= TOO_FAR and low <= 1 <= high)}


def spread(samples):
    """Quartiles by linear interpolation between order statistics. Wants at least one number."""
    ordered = sorted(samples)

    def at(fraction):
        place = fraction * (len(ordered) - 1)
        low = math.floor(place)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] + (place - low) * (ordered[high] - ordered[low])

    return {"lower": at(0.25), "median": at(0.5), "upper": at(0.75)}
