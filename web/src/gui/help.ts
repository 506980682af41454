// All keys, on `?`.
import { bands } from '../layers/bands';
import { forecast } from '../layers/forecast';
import { gexProfile } from '../layers/gex_profile';
import { LAYERS } from '../layers/list';
import { options } from '../layers/options';
import { radar } from '../layers/radar';
import { button, element } from './element';

export const KEYS: readonly (readonly [string, string])[] = [
  ['Space', 'play or pause'],
  ['← →', 'step a second'],
  ['Shift ← →', 'step a minute'],
  ['+ −', 'faster, slower'],
  ['g', 'go to a time'],
  ['/', 'pick symbol and date'],
  ['f  Home', 'follow the spot again (also a double click)'],
  ['l', 'live: to the newest second of the live session, and on with it'],
  [`1 – ${LAYERS.length}`, LAYERS.map((layer) => layer.name.toLowerCase()).join(', ')],
  [options.key, 'bars of the options on or off'],
  [forecast.key, 'forecast on or off: path, walls, run scores at the top left'],
  [gexProfile.key, 'gamma exposure on or off: profile beside the prices, flip and walls as lines'],
  [bands.key, 'bands on or off: walls, erosion and vacuum above and below'],
  [radar.key, 'radar on or off: what the orders around spot do'],
  ['drag', 'move about; stops following'],
  ['wheel', 'zoom; with Shift time only, with Alt price only'],
  ['Shift drag', 'what happened in a range: added, pulled, filled, traded'],
  ['click', 'pin the crosshair, and let it go'],
  ['c', 'copy the cell under the crosshair'],
  ['s', 'save a picture'],
  ['p', 'colour-blind-safe colours'],
  ['t', 'light or dark'],
  ['a', 'scale of the field: fixed, or following what is visible'],
  ['Esc', 'close, let go'],
  ['?', 'this list'],
];

export class Help {
  readonly node = element('dialog', { class: 'help', 'aria-label': 'Help' });

  constructor() {
    this.node.addEventListener('click', (event) => {
      if (event.target === this.node) this.node.close();
    });
  }

  keys(): void {
    const rows = KEYS.map(([key, text]) =>
      element('tr', {}, element('th', { scope: 'row' }, element('kbd', {}, key)), element('td', {}, text)),
    );
    this.open('Keys', element('table', {}, ...rows));
  }

  private open(title: string, ...body: Node[]): void {
    const close = button('×', 'Close  Esc', () => this.node.close(), { class: 'close' });
    this.node.replaceChildren(close, element('h2', {}, title), ...body);
    if (!this.node.open) this.node.showModal();
  }
}
