#!/usr/bin/env python3
"""Write power10.c: python3 src/base/power10.py > src/base/power10.c

Exact integer arithmetic only. Run again only when power10.h changes its limits."""

from fractions import Fraction

MIN, MAX, EXACT_MAX = -342, 324, 55


def floor_log2(x):
    """The largest e with 2^e <= x, for a Fraction x > 0."""
    e = x.numerator.bit_length() - x.denominator.bit_length()
    return e if x >= Fraction(2) ** e else e - 1


def floor_log10(x):
    k = 0
    while Fraction(10) ** k > x:
        k -= 1
    while Fraction(10) ** (k + 1) <= x:
        k += 1
    return k


for e in range(-1100, 1101):
    power = Fraction(2) ** e
    assert floor_log10(power) == (e * 1262611) >> 22
    assert floor_log10(power * 3 / 4) == (e * 1262611 - 524031) >> 22

print("/* Written by power10.py; do not edit. One line for each k from")
print(" * %d to %d, as power10.h tells. */" % (MIN, MAX))
print('#include "base/power10.h"\n')
print("const struct tell_power10 ", end="")
print("tell_power10_table[TELL_POWER10_MAX - TELL_POWER10_MIN + 1] = {")
for k in range(MIN, MAX + 1):
    power = Fraction(10) ** k
    log2 = floor_log2(power)
    assert log2 == (k * 1741647) >> 19
    scaled = power * Fraction(2) ** (127 - log2)
    whole = scaled.numerator // scaled.denominator
    high, low = whole >> 64, whole & (2**64 - 1)
    assert whole.bit_length() == 128 and low != 2**64 - 1
    assert (scaled == whole) == (0 <= k <= EXACT_MAX)
    print("\t{ 0x%016x, 0x%016x }, /* %d */" % (high, low, k))
print("};")
