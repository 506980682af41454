// The lines at the top left of the picture (spec 7.7), each number labelled as what it is.
import { timeOfDay } from '../model/clock';
import { priceText } from '../model/prices';
import type { Playback } from '../playback';
import { element, setText } from './element';

/** One decimal, and below that one digit: far out is not "0.0x". */
export const zoomText = (zoom: number): string => `${zoom < 0.1 ? zoom.toPrecision(1) : zoom.toFixed(1)}x`;

const real = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : value.toFixed(2);

export class Hud {
  readonly node = element('div', { class: 'hud num', 'aria-label': 'Readings' });
  private readonly lines = Array.from({ length: 5 }, () => element('div'));

  constructor() {
    this.node.append(...this.lines);
  }

  update(playback: Playback, zoom: { zoomTime: number; zoomPrice: number }): void {
    const { snap, session, now } = playback;
    if (!session || !snap || now === null) return;
    const spot = snap.spotRefPriceInt;
    const tick = spot > 0 ? Math.round(spot / session.tickInt) : null;
    const run = playback.forecast.find((row) => row.horizon_s === 0);
    const money = (price: number) => (price > 0 ? priceText(price, session) : '–');
    const [time, price] = [zoomText(zoom.zoomTime), zoomText(zoom.zoomPrice)];
    const texts = [
      `Mid: ${money(snap.mid)}`,
      `Spot ref: ${money(spot / 1e9)} (tick: ${tick ?? '–'})`,
      `TS: ${timeOfDay(now, 'UTC')} UTC`,
      `Frame: ${String(playback.windows).padEnd(5)} Zoom: ${time === price ? price : `${time} time, ${price} price`}`,
      run
        ? `Run score: up ${real(run.RunScore_up)} down ${real(run.RunScore_down)}   Wall: up ${run.D_up ?? '–'} down ${run.D_down ?? '–'}`
        : '',
    ];
    texts.forEach((text, i) => {
      setText(this.lines[i], text);
    });
  }
}
