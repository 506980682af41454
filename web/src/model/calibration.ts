// What a calibration was fitted to and what it turned out to be worth, as far as the page says it (docs/forecast.md).

/** A share of the predictions with a decision that had the right sign; null: too few to say. */
export interface HitRate {
  /** Predictions that had a sign and met a move. */
  decided: number;
  rate: number | null;
  interval: readonly [number, number] | null;
}

export interface ConfidenceBucket extends HitRate {
  low: number;
  high: number;
}

/** Of forecasts whose confidence is in one tenth of those of the training days. */
export interface ConfidenceRank extends HitRate {
  /** 1, the least sure, to 10. */
  tenth: number;
}

export interface HorizonWorth extends HitRate {
  horizon: number;
  /** Better than every baseline, by the cautious bound. */
  skilled: boolean;
}

export interface Evaluation {
  dates: readonly string[];
  session: string;
  skill: boolean;
  /** One sentence. */
  verdict: string;
  horizons: readonly HorizonWorth[];
  buckets: readonly ConfidenceBucket[];
  /** None where it was measured without a scale. */
  ranks: readonly ConfidenceRank[];
}

export interface Calibration {
  name: string;
  symbol: string;
  beta: number;
  gamma: number;
  dates: readonly string[];
  samples: number;
  /** The nine edges between the tenths of its confidences, ascending; null: not ranked. */
  tenths: readonly number[] | null;
  evaluation: Evaluation | null;
  /** Why there is an evaluation that cannot be read; else empty. */
  problem: string;
}

/** Half open, but for the last, which holds 1 as well. */
export const bucketOf = ({ buckets }: Evaluation, confidence: number): ConfidenceBucket | null =>
  buckets.find(({ low, high }) => confidence >= low && (confidence < high || (high >= 1 && confidence <= 1))) ?? null;

/** 1 to 10, by the calibration that the forecast was made with; on an edge the lower one; null: not ranked. */
export const tenthOf = (calibration: Pick<Calibration, 'tenths'> | null, confidence: number): number | null =>
  calibration?.tenths ? 1 + calibration.tenths.filter((edge) => edge < confidence).length : null;

/** What the path is drawn by, 0 to 1: the tenth, or, where nothing is ranked, the confidence itself. */
export function weightOf(calibration: Pick<Calibration, 'tenths'> | null, confidence: number): number {
  const tenth = tenthOf(calibration, confidence);
  return tenth === null ? confidence : (tenth - 1) / 9;
}

/** The measured horizon nearest to one, of two as near the shorter. */
export function measuredHorizon({ horizons }: Evaluation, horizon: number): HorizonWorth | null {
  let nearest: HorizonWorth | null = null;
  const away = (of: HorizonWorth) => Math.abs(of.horizon - horizon);
  for (const found of horizons) if (!nearest || away(found) < away(nearest)) nearest = found;
  return nearest;
}

const whole = (value: number): string => value.toLocaleString('en-US');
const percent = (share: number): string => String(Math.round(100 * share));
const bounds = (value: number): string => value.toFixed(1);

const days = (dates: readonly string[]): string =>
  dates.length === 0 ? 'on no date' : dates.length === 1 ? dates[0] : `${dates[0]} to ${dates[dates.length - 1]}`;

/** "right 54 % (51–57) of 1,204"; `none` where nothing was decided. */
export function hitRateText({ decided, rate, interval }: HitRate, none: string): string {
  if (decided === 0 || rate === null) return none;
  const range = interval ? ` (${percent(interval[0])}–${percent(interval[1])})` : '';
  return `right ${percent(rate)} %${range} of ${whole(decided)}`;
}

export const bucketName = ({ low, high }: { low: number; high: number }): string => `${bounds(low)}–${bounds(high)}`;

/** What a confidence was worth: "0.2–0.3: right 54 % (51–57) of 1,204, measured 2026-01-06". */
export function bucketText(evaluation: Evaluation, confidence: number): string {
  const bucket = bucketOf(evaluation, confidence);
  if (!bucket) return 'no samples at this confidence';
  const text = hitRateText(bucket, 'no samples at this confidence');
  const measured = bucket.decided === 0 || bucket.rate === null ? '' : `, measured ${days(evaluation.dates)}`;
  return `${bucketName(bucket)}: ${text}${measured}`;
}

/** "surer than 6 of 10: right 54 % (51–57) of 1,204, measured 2026-01-06". */
export function rankText(evaluation: Evaluation, tenth: number): string {
  const name = tenth === 1 ? 'surer than none of 10' : `surer than ${tenth - 1} of 10`;
  const rank = evaluation.ranks.find((found) => found.tenth === tenth);
  if (!rank || rank.decided === 0 || rank.rate === null) return `${name}: no samples`;
  return `${name}: ${hitRateText(rank, '')}, measured ${days(evaluation.dates)}`;
}

const LAG = 'A rate above 50 % is no skill by itself: part of each move is over when the forecast is made.';

/** "skill measured at 5, 10 s", "no skill measured". */
function verdictText({ skill, horizons }: Evaluation): string {
  const at = horizons.filter(({ skilled }) => skilled).map(({ horizon }) => horizon);
  if (!skill) return 'no skill measured';
  return at.length > 0 ? `skill measured at ${at.join(', ')} s` : 'skill measured';
}

export interface Worth {
  text: string;
  /** Said plainly next to the number, which is above one half without any skill too; empty where nothing was measured. */
  verdict: string;
  skill: boolean;
  /** The longer story. */
  more: string;
}

/**
 * What is said beside the path. `name`: of the calibration in force, null for none; `calibration`: what is known of it;
 * `confidence`: null where no move is predicted.
 */
export function worthOf(name: string | null, calibration: Calibration | null, confidence: number | null): Worth {
  if (name === null)
    return {
      text: 'uncalibrated',
      verdict: '',
      skill: false,
      more: 'Made with default parameters: nothing was fitted and nothing measured. `spymaster calibrate` fits them.',
    };
  if (!calibration) return { text: `calibrated (${name}), details not loaded`, verdict: '', skill: false, more: '' };
  const fitted = `Fitted on ${days(calibration.dates)}, ${whole(calibration.samples)} samples: beta ${calibration.beta.toPrecision(3)}, gamma ${calibration.gamma.toPrecision(3)}.`;
  const { evaluation } = calibration;
  if (calibration.problem)
    return { text: 'its evaluation cannot be read', verdict: '', skill: false, more: calibration.problem };
  if (!evaluation)
    return {
      text: 'not yet evaluated',
      verdict: '',
      skill: false,
      more: `${fitted} What it is worth has not been measured: \`spymaster evaluate\`.`,
    };
  const tenth = confidence === null || evaluation.ranks.length === 0 ? null : tenthOf(calibration, confidence);
  const measured = (of: number) => (tenth === null ? bucketText(evaluation, of) : rankText(evaluation, tenth));
  return {
    text: confidence === null ? 'no move predicted' : measured(confidence),
    verdict: verdictText(evaluation),
    skill: evaluation.skill,
    more: `${evaluation.verdict} Measured ${days(evaluation.dates)} ${evaluation.session}. ${LAG} ${fitted}`,
  };
}

/** What a horizon was worth: "right 52 % (48–56) of 599 at 10 s, no better than the baselines". */
export function horizonText(evaluation: Evaluation, horizon: number): string {
  const worth = measuredHorizon(evaluation, horizon);
  if (!worth) return 'not measured';
  const text = hitRateText(worth, 'nothing decided');
  return `${text} at ${worth.horizon} s, ${worth.skilled ? 'better than every baseline' : 'no skill'}`;
}
