// The lines at the top left of the picture (spec 7.7), each number labelled as what it is.
import { timeOfDay } from '../model/clock';
import { priceText } from '../model/prices';
import type { Playback } from '../playback';
import { element, setText } from './element';
import { expectedLines, runLines, whyNone } from './forecast_words';

/** One decimal, and below that one digit: far out is not "0.0x". */
export const zoomText = (zoom: number): string => `${zoom < 0.1 ? zoom.toPrecision(1) : zoom.toFixed(1)}x`;

const RUN_SENTENCES = [
  'Run: how fast liquidity erodes before the first wall, less how fast that wall is being built.',
  'Wall: the first price, from spot, where resting orders stand in the way.',
];

export class Hud {
  readonly node = element('div', { class: 'hud num', 'aria-label': 'Readings' });
  private readonly lines = Array.from({ length: 6 }, () => element('div'));

  constructor() {
    this.node.append(...this.lines);
  }

  /** `forecast`: whether it is shown. */
  update(playback: Playback, zoom: { zoomTime: number; zoomPrice: number }, forecast: boolean): void {
    const { snap, session, now } = playback;
    if (!session || !snap || now === null) return;
    const spot = snap.spotRefPriceInt;
    const tick = spot > 0 ? Math.round(spot / session.tickInt) : null;
    const money = (price: number) => (price > 0 ? priceText(price, session) : '–');
    const [time, price] = [zoomText(zoom.zoomTime), zoomText(zoom.zoomPrice)];
    const texts = [
      `Mid: ${money(snap.mid)}`,
      `Spot ref: ${money(spot / 1e9)} (tick: ${tick ?? '–'})`,
      `TS: ${timeOfDay(now, 'UTC')} UTC`,
      `Frame: ${String(playback.windows).padEnd(5)} Zoom: ${time === price ? price : `${time} time, ${price} price`}`,
      ...(forecast ? this.forecastLines(playback) : []),
    ];
    this.lines.forEach((line, i) => {
      setText(line, texts[i] ?? '');
    });
    const title = forecast ? [...expectedLines(playback, session), ...RUN_SENTENCES].join('\n') : '';
    if (this.node.title !== title) this.node.title = title;
  }

  private forecastLines({ forecast, session, snap }: Playback): string[] {
    if (!session || !forecast) return [];
    if (!forecast.scores) return [whyNone({ forecast, snap })];
    return runLines(forecast.scores, session, forecast.path?.spotTick);
  }
}
