#!/usr/bin/env python3
"""Writes quantlib_values.csv: what QuantLib gives for Black's formula, its greeks and its inverse.

    python -m venv VENV && VENV/bin/pip install QuantLib==1.44
    VENV/bin/python tests/physics/quantlib_table.py > tests/physics/quantlib_values.csv

A table and not a live check: the wheel (45 MB unpacked) would be installed on every machine for numbers that do not change.
"""

import math

import QuantLib as ql

RATE = 0.05
YEAR_S = 365 * 86_400
# Seconds to a month; volatilities of quiet and of wild days; strikes by deviations from the forward, both wings.
TIMES_S = [1, 60, 3_600, 23_400, 30 * 86_400]
VOLATILITIES = [0.06, 0.15, 1.2]
DEVIATIONS = [-5.5, -2.0, -0.5, 0.0, 0.1, 1.0, 4.0]

print(f"# QuantLib {ql.__version__}")
print("underlying,carry,right,strike,seconds,volatility,value,gamma,vega,implied_volatility")
for underlying, carry in ((6950.25, 0.0), (690.37, RATE)):
    for seconds in TIMES_S:
        years = seconds / YEAR_S
        forward, discount = underlying * math.exp(carry * years), math.exp(-RATE * years)
        for volatility in VOLATILITIES:
            s = volatility * math.sqrt(years)
            for deviations in DEVIATIONS:
                strike = round(forward * math.exp(deviations * s), 3)
                for right, kind in (("C", ql.Option.Call), ("P", ql.Option.Put)):
                    black = ql.BlackCalculator(ql.PlainVanillaPayoff(kind, strike), forward, s, discount)
                    value = black.value()
                    try:
                        implied = ql.blackFormulaImpliedStdDev(kind, strike, forward, value, discount, 0.0, s, 1e-13,
                                                               1_000) / math.sqrt(years)
                    except RuntimeError:  # less than its rounding above exercise
                        implied = math.nan
                    print(f"{underlying!r},{carry!r},{right},{strike!r},{seconds},{volatility!r},{value!r},"
                          f"{black.gamma(underlying)!r},{black.vega(years)!r},{implied!r}")
