// The lines at the top left of the picture (spec 7.7), each number labelled as what it is.
import { timeOfDay } from '../model/clock';
import { priceText } from '../model/prices';
import type { Playback } from '../playback';
import { element, setText } from './element';

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
    const same = zoom.zoomTime.toFixed(1) === zoom.zoomPrice.toFixed(1);
    const texts = [
      `Mid: ${money(snap.mid)}`,
      `Spot ref: ${money(spot / 1e9)} (tick: ${tick ?? '–'})`,
      `TS: ${timeOfDay(now, 'UTC')} UTC`,
      `Frame: ${String(playback.windows).padEnd(5)} Zoom: ${same ? `${zoom.zoomPrice.toFixed(1)}x` : `${zoom.zoomTime.toFixed(1)}x time, ${zoom.zoomPrice.toFixed(1)}x price`}`,
      run
        ? `Run score: up ${real(run.RunScore_up)} down ${real(run.RunScore_down)}   Wall: up ${run.D_up ?? '–'} down ${run.D_down ?? '–'}`
        : '',
    ];
    texts.forEach((text, i) => {
      setText(this.lines[i], text);
    });
  }
}
