// Dollars of gamma exposure as they are read at a glance: three digits and a letter.

const UNITS = [
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'K'],
] as const;

/** "$12.3M", "−$450K", "$0". */
export function dollarsText(value: number): string {
  const size = Math.abs(value);
  const sign = value < 0 ? '−' : '';
  for (const [unit, letter] of UNITS) {
    // What would round up to a thousand belongs to the next letter.
    if (size < unit * 0.9995) continue;
    const scaled = size / unit;
    return `${sign}$${scaled >= 99.95 ? scaled.toFixed(0) : scaled.toFixed(1)}${letter}`;
  }
  const whole = size.toFixed(0);
  return whole === '0' ? '$0' : `${sign}$${whole}`;
}

/** With its sign always: "+$12.3M". */
export const signedDollars = (value: number): string =>
  `${value > 0 && dollarsText(value) !== '$0' ? '+' : ''}${dollarsText(value)}`;

/** The smallest of 1, 2, 5, 10, … times a power of ten that is at least so much: ends of a scale that do not jump about. */
export function roundEnd(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value * (1 - 1e-9)) ?? 10) * power;
}
