// The forecast in words: why there is none, what it expects, what stands in the way. Pure: readings and margin say the same.
import { forecast as layer } from '../layers/forecast';
import { type Calibration, horizonText, tenthOf, worthOf } from '../model/calibration';
import { type Forecast, farthestMove, isWall, REACH_TICKS, type Scores, type Step, stepAt } from '../model/forecast';
import { isBucketed, pointsText, priceOfTick } from '../model/prices';
import type { Playback } from '../playback';
import type { CatalogSession } from '../wire/catalog';
import type { Reading } from './reading';

/** Of the second that the forecast is of. */
interface Given {
  forecast: Forecast | null;
  snap: { bookValid: boolean; spotRefPriceInt: number } | null;
}

/** Why there is no path; empty where there is one. */
export function whyNone({ forecast, snap }: Given): string {
  if (forecast?.path) return '';
  if (!forecast) return 'no forecast of this second';
  if (snap && !snap.bookValid) return 'no forecast: book invalid';
  if (snap && snap.spotRefPriceInt <= 0) return 'no forecast: no spot price';
  return 'no forecast: data of this second incomplete';
}

/** Ticks of the market, or rows of a bucket. */
export const stepName = (session: CatalogSession): 'tick' | 'row' => (isBucketed(session) ? 'row' : 'tick');

const counted = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;

/** "+12", "−7": always with a sign. */
export const signedTicks = (delta: number): string => `${delta < 0 ? '−' : '+'}${Math.abs(delta)}`;

const points = (tick: number, session: CatalogSession): string => pointsText(priceOfTick(tick, session), session);

/** "3 ticks up, to 6934.50", "no move". */
export function moveText({ delta, tick }: Step, session: CatalogSession): string {
  if (delta === 0) return `no move, at ${points(tick, session)}`;
  return `${counted(Math.abs(delta), stepName(session))} ${delta > 0 ? 'up' : 'down'}, to ${points(tick, session)}`;
}

/** "wall +12 (6938.00)", "wall: none within 64 ticks"; the price only where spot is told. */
export function wallText(distance: number, up: boolean, session: CatalogSession, spotTick?: number): string {
  if (!isWall(distance)) return `wall: none within ${REACH_TICKS} ${stepName(session)}s`;
  const delta = up ? distance : -distance;
  const price = spotTick === undefined ? '' : ` (${points(spotTick + delta, session)})`;
  return `wall ${signedTicks(delta)}${price}`;
}

/** "+0.123": three digits, a true minus where they are not all 0, as wide as "−99.999". */
export function scoreText(score: number): string {
  const digits = Math.abs(score).toFixed(3);
  return `${score < 0 && digits !== '0.000' ? '−' : '+'}${digits}`.padStart(7);
}

/** Two lines, a direction each, their numbers under each other. */
export function runLines({ up, down, wallUp, wallDown }: Scores, session: CatalogSession, spotTick?: number): string[] {
  return [
    `Run up   ${scoreText(up)}/s  ${wallText(wallUp, true, session, spotTick)}`,
    `Run down ${scoreText(down)}/s  ${wallText(wallDown, false, session, spotTick)}`,
  ];
}

/** What is expected in 10 and in 30 seconds, with the confidence of each. */
export function expectedLines({ forecast }: Given, session: CatalogSession): string[] {
  const path = forecast?.path;
  if (!path) return [];
  return [10, 30].map((horizon) => {
    const step = stepAt(path, horizon);
    return step ? `In ${horizon} s: ${moveText(step, session)}; confidence ${layer.words(step.confidence)}` : '';
  });
}

/** "0.42", or, where confidence is ranked, "<0.01, tenth 7 of 10"; its tenth alone where there is little room. */
export function confidenceText(calibration: Calibration | null, confidence: number, short = false): string {
  const tenth = tenthOf(calibration, confidence);
  if (tenth === null) return layer.words(confidence);
  return short ? `${tenth} of 10` : `${layer.words(confidence)}, tenth ${tenth} of 10`;
}

/** What is said beside the path about its worth. */
export function worthNow(playback: Pick<Playback, 'forecast' | 'calibrationName' | 'calibration'>) {
  const path = playback.forecast?.path;
  const move = path ? farthestMove(path) : null;
  return worthOf(playback.calibrationName, playback.calibration, move?.confidence ?? null);
}

function meaning({ delta, horizon, tick }: Step, session: CatalogSession): string {
  const from = `at the start of this second (spot ref ${points(tick - delta, session)})`;
  if (delta === 0) return `price is expected where it was ${from}`;
  const way = delta > 0 ? 'higher' : 'lower';
  return `price is expected ${way} in ${horizon} s than ${from}`;
}

/** What the forecast says of a second after now: for the readings under the crosshair. */
export function readForecast(playback: Playback, second: number): Reading[] {
  const { now, session, forecast, calibration } = playback;
  if (now === null || !session) return [];
  const path = forecast?.path;
  if (!path) return [{ name: 'Forecast', text: whyNone(playback) }];
  const step = stepAt(path, second - now);
  if (!step) return [{ name: 'Forecast', text: 'ends 30 s after now' }];
  const readings: Reading[] = [
    { name: 'Horizon', text: `${step.horizon} s after now` },
    { name: 'Forecast', text: moveText(step, session) },
    { name: 'Confidence', text: step.delta === 0 ? layer.words(0) : confidenceText(calibration, step.confidence) },
  ];
  const worth = worthOf(playback.calibrationName, calibration, step.delta === 0 ? null : step.confidence);
  readings.push({ name: 'Measured', text: [worth.text, worth.verdict].filter(Boolean).join('; ') });
  if (calibration?.evaluation)
    readings.push({ name: 'This horizon', text: horizonText(calibration.evaluation, step.horizon) });
  readings.push({ name: 'Meaning', text: meaning(step, session) });
  return readings;
}

/** What was said of a past second: scores and walls. */
export function readScores(scores: Scores, session: CatalogSession): Reading[] {
  const [up, down] = [scoreText(scores.up), scoreText(scores.down)].map((text) => text.trim());
  const { wallUp, wallDown } = scores;
  const walls = [wallText(wallUp, true, session), wallText(wallDown, false, session)];
  const text = walls.every((wall) => wall === walls[0])
    ? walls[0].replace('wall: ', '')
    : walls.map((wall) => wall.replace(/^wall:? /, '')).join(', ');
  return [
    { name: 'Run score', text: `up ${up}, down ${down} 1/s` },
    { name: 'Walls', text },
  ];
}
