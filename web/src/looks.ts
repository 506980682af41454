// What a person chose to see: remembered in this browser, but for what the address says, which holds until it is changed.
import type { PictureLook } from './gui/picture';
import { LAYERS, layerIndex } from './layers/list';
import { type Preferences, readPreferences, writePreferences } from './model/preferences';
import type { ScaleKind } from './model/scale';
import { SHOWN, type ShownName, type UrlState } from './model/url_state';

export class Looks {
  readonly preferences: Preferences;
  /** Scale of each layer, by its id. */
  private readonly scales: Record<string, ScaleKind>;
  private readonly said: Partial<Record<ShownName, boolean>> = {};

  constructor(
    private readonly storage: Storage,
    wanted: UrlState,
    private readonly look: PictureLook,
  ) {
    this.preferences = readPreferences(storage);
    this.scales = Object.fromEntries(LAYERS.map((layer) => [layer.id, layer.startsIn]));
    Object.assign(this.scales, this.preferences.scales);
    look.layer = layerIndex(wanted.field);
    if (wanted.scale) this.scales[LAYERS[look.layer].id] = wanted.scale;
    for (const name of SHOWN) this.said[name] = wanted[name];
    this.apply();
  }

  prefer(change: Partial<Preferences>): void {
    Object.assign(this.preferences, change);
    writePreferences(this.storage, this.preferences);
    this.apply();
  }

  /** Shows what is off, takes off what is shown. */
  toggle(name: ShownName): void {
    this.said[name] = undefined;
    this.prefer({ shown: { ...this.preferences.shown, [name]: !this.look[name] } });
  }

  toggleScale(): void {
    const { id } = LAYERS[this.look.layer];
    this.scales[id] = this.scales[id] === 'view' ? 'fixed' : 'view';
    this.prefer({ scales: { ...this.preferences.scales, [id]: this.scales[id] } });
  }

  /** Brings the look up to date. */
  apply(): void {
    const { look, preferences } = this;
    look.safe = preferences.palette === 'safe';
    look.light = preferences.theme === 'light';
    look.scale = this.scales[LAYERS[look.layer].id];
    for (const name of SHOWN) look[name] = this.said[name] ?? preferences.shown[name];
  }
}
