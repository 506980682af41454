// The column of panels beside the picture: bands and radar. Takes no room while neither is shown.
import type { Look } from '../layers/layer';
import type { Playback } from '../playback';
import { BandsPanel } from './bands_panel';
import { element } from './element';
import { RadarPanel } from './radar_panel';

export interface DockActions {
  close(panel: 'bands' | 'radar'): void;
  folded(groups: string[]): void;
}

export class Dock {
  readonly node = element('aside', { class: 'dock', 'aria-label': 'Panels' });
  private readonly bands: BandsPanel;
  private readonly radar: RadarPanel;

  constructor(folded: readonly string[], actions: DockActions) {
    this.bands = new BandsPanel(() => actions.close('bands'));
    this.radar = new RadarPanel(
      () => actions.close('radar'),
      folded,
      (groups) => actions.folded(groups),
    );
    this.node.append(this.bands.node, this.radar.node);
    this.show({ bands: false, radar: false });
  }

  show({ bands, radar }: { bands: boolean; radar: boolean }): void {
    this.bands.node.hidden = !bands;
    this.radar.node.hidden = !radar;
    this.node.hidden = !bands && !radar;
  }

  update(playback: Playback, look: Look, dpr: number): void {
    if (!this.bands.node.hidden) this.bands.update(playback, look, dpr);
    if (!this.radar.node.hidden) this.radar.update(playback, look, dpr);
  }
}
