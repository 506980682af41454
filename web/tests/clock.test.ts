import { describe, expect, it } from 'vitest';
import {
  dateOf,
  isoText,
  NEW_YORK,
  nsText,
  secondAt,
  secondOfIso,
  secondOfNs,
  timeOfDay,
  zoneOffset,
} from '../src/model/clock';
import { timeMarks, timeStep } from '../src/model/time_axis';

const utc = (text: string) => Date.parse(text) / 1000;

describe('clock', () => {
  it('goes from nanoseconds to seconds and back exactly', () => {
    expect(secondOfNs(1_703_547_307_000_000_000n)).toBe(1_703_547_307);
    expect(nsText(1_703_547_307)).toBe('1703547307000000000');
    expect(() => secondOfNs(1_703_547_307_000_000_001n)).toThrow(/whole second/);
  });

  it('shows New York in winter and in summer', () => {
    expect(timeOfDay(utc('2026-01-06T14:30:00Z'), NEW_YORK)).toBe('09:30:00');
    expect(timeOfDay(utc('2026-07-07T13:30:00Z'), NEW_YORK)).toBe('09:30:00');
    expect(timeOfDay(utc('2026-01-06T05:00:00Z'), NEW_YORK)).toBe('00:00:00');
    expect(dateOf(utc('2026-01-06T04:59:59Z'), NEW_YORK)).toBe('2026-01-05');
  });

  it('crosses both changes of clocks', () => {
    // 2026-03-08 07:00 UTC: 02:00 becomes 03:00. 2026-11-01 06:00 UTC: 02:00 becomes 01:00.
    const spring = utc('2026-03-08T07:00:00Z');
    expect([timeOfDay(spring - 1, NEW_YORK), timeOfDay(spring, NEW_YORK)]).toEqual(['01:59:59', '03:00:00']);
    expect([zoneOffset(spring - 1, NEW_YORK), zoneOffset(spring, NEW_YORK)]).toEqual([-18_000, -14_400]);
    const autumn = utc('2026-11-01T06:00:00Z');
    expect([timeOfDay(autumn - 1, NEW_YORK), timeOfDay(autumn, NEW_YORK)]).toEqual(['01:59:59', '01:00:00']);
  });

  it('finds a time of day within the session', () => {
    const [first, last] = [utc('2023-12-25T23:00:01Z'), utc('2023-12-26T00:00:00Z')];
    expect(secondAt('18:31:07', NEW_YORK, first, last)).toBe(utc('2023-12-25T23:31:07Z'));
    expect(secondAt('18:31', NEW_YORK, first, last)).toBe(utc('2023-12-25T23:31:00Z'));
    expect(secondAt('19:31', NEW_YORK, first, last)).toBeNull();
    for (const text of ['', '25:00', '18:61', 'noon', '1831']) expect(secondAt(text, NEW_YORK, first, last)).toBeNull();
  });

  it('finds times on both sides of midnight and of a change of clocks', () => {
    const [first, last] = [utc('2026-10-31T22:00:00Z'), utc('2026-11-01T12:00:00Z')];
    expect(secondAt('23:30', NEW_YORK, first, last)).toBe(utc('2026-11-01T03:30:00Z'));
    expect(secondAt('00:30', NEW_YORK, first, last)).toBe(utc('2026-11-01T04:30:00Z'));
    expect(secondAt('01:30', NEW_YORK, first, last)).toBe(utc('2026-11-01T05:30:00Z')); // the first of the two
    expect(secondAt('06:00', NEW_YORK, first, last)).toBe(utc('2026-11-01T11:00:00Z'));
    const spring = [utc('2026-03-08T05:00:00Z'), utc('2026-03-08T10:00:00Z')] as const;
    expect(secondAt('02:30', NEW_YORK, ...spring)).toBeNull(); // did not happen
    expect(secondAt('03:30', NEW_YORK, ...spring)).toBe(utc('2026-03-08T07:30:00Z'));
  });

  it('writes and reads links', () => {
    const second = utc('2023-12-25T23:31:07Z');
    expect(isoText(second)).toBe('2023-12-25T23:31:07Z');
    expect(secondOfIso(isoText(second))).toBe(second);
    for (const text of ['', '2023-12-25', '2023-13-45T99:99:99Z']) expect(secondOfIso(text)).toBeNull();
  });
});

describe('time axis', () => {
  it('keeps labels apart and on whole steps', () => {
    expect(timeStep(1 / 7)).toBe(15);
    expect(timeStep(1)).toBe(120);
    expect(timeStep(100)).toBe(900);
    const first = utc('2023-12-25T23:31:07Z');
    const marks = timeMarks(first, first + 60, 15);
    expect(marks.map((mark) => mark.label)).toEqual(['18:31:15', '18:31:30', '18:31:45', '18:32:00']);
    expect(timeMarks(first, first + 180, 60).map((mark) => mark.label)).toEqual(['18:32', '18:33', '18:34']);
  });
});
