"""The OEE scenario in numpy: the same distributions and percentiles, f64, one thread. Prints milliseconds, the best of some runs."""
import sys
import time

import numpy

trials = int(sys.argv[1])
best = float("inf")
for run in range(7):
    chance = numpy.random.Generator(numpy.random.PCG64(run))
    started = time.perf_counter()
    availability = 1.0 - 0.1 * chance.weibull(1.5, trials)
    performance = chance.triangular(0.75, 0.9, 1.0, trials)
    quality = chance.beta(50.0, 2.0, trials)
    cycle_s = chance.normal(30.0, 2.0, trials)
    output = availability * performance * quality * 28800.0 / cycle_s
    percentiles = numpy.percentile(output, [5.0, 50.0, 95.0])
    best = min(best, time.perf_counter() - started)
print(best * 1e3, *percentiles)
