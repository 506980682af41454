// Marks of the time axis: whole steps of the New York wall clock. Steps divide the hour, and zones differ from UTC by
// whole quarter hours, so a multiple of the step in UTC is one in New York too, on either side of a clock change.
import { NEW_YORK, timeOfDay } from './clock';

export interface TimeMark {
  second: number;
  label: string;
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900];

/** The smallest step whose labels stand at least `apart` pixels from each other. */
export function timeStep(secondsPerPixel: number, apart = 90): number {
  return STEPS.find((step) => step / secondsPerPixel >= apart) ?? STEPS[STEPS.length - 1];
}

export function timeMarks(first: number, last: number, step: number): TimeMark[] {
  const marks: TimeMark[] = [];
  for (let second = Math.ceil(first / step) * step; second <= last; second += step) {
    const text = timeOfDay(second, NEW_YORK);
    marks.push({ second, label: step % 60 === 0 ? text.slice(0, 5) : text });
  }
  return marks;
}
