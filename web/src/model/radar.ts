// The features of the radar with the names a person reads; unit and meaning are those of the contract of radar_vacuum_1s, and a test
// says so. The order is that of the contract.

export type RadarGroup = 'asks' | 'bids' | 'both' | 'up';
export const RADAR_GROUPS: readonly (readonly [RadarGroup, string])[] = [
  ['asks', 'Asks'],
  ['bids', 'Bids'],
  ['both', 'Both sides'],
  ['up', 'Way up'],
];

export interface RadarFeature {
  /** Column of the surface. */
  name: string;
  group: RadarGroup;
  /** What it is, in a few words. */
  plain: string;
  unit: string;
  /** Of the contract, in full. */
  meaning: string;
}

const feature = (name: string, group: RadarGroup, plain: string, unit: string, meaning: string): RadarFeature => ({
  name,
  group,
  plain,
  unit,
  meaning,
});

export const RADAR_FEATURES: readonly RadarFeature[] = [
  feature(
    'f1_ask_com_disp_log',
    'asks',
    'centre away',
    'ln',
    'How the centre of mass of the ask side moved in the window: ln((distance at end + 1)/(distance at start + 1)), distances in ticks from spot',
  ),
  feature(
    'f1_ask_slope_convex_log',
    'asks',
    'far vs near',
    'ln',
    'ln((far + 1)/(near + 1)) of ask depth at window end',
  ),
  feature(
    'f1_ask_slope_inner_log',
    'asks',
    'near vs at spot',
    'ln',
    'ln((near + 1)/(at + 1)) of ask depth at window end',
  ),
  feature(
    'f1_ask_at_share_delta',
    'asks',
    'share at spot, Δ',
    'share',
    'Change in the window of the share of ask depth that is at spot (0 to 2 ticks)',
  ),
  feature(
    'f1_ask_near_share_delta',
    'asks',
    'share near, Δ',
    'share',
    'Change in the window of the share of ask depth that is near (3 to 5 ticks)',
  ),
  feature(
    'f1_ask_reprice_away_share_rest',
    'asks',
    'repriced away',
    'share',
    'Of rested ask quantity that was repriced, the share that moved away from spot; 0.5 without any',
  ),
  feature(
    'f2_ask_pull_add_log_rest',
    'asks',
    'pulled vs added',
    'ln',
    'ln((rested pulled + 1)/(added + 1)) of the ask side',
  ),
  feature('f2_ask_pull_intensity_log_rest', 'asks', 'pulling', 'ln', 'log1p(rested pulled/(ask depth at start + 1))'),
  feature(
    'f2_ask_at_pull_share_rest',
    'asks',
    'pulled at spot',
    'share',
    'Of rested ask quantity pulled, the share at spot',
  ),
  feature(
    'f2_ask_near_pull_share_rest',
    'asks',
    'pulled near',
    'share',
    'Of rested ask quantity pulled, the share that was near',
  ),
  feature(
    'f3_bid_com_disp_log',
    'bids',
    'centre away',
    'ln',
    'How the centre of mass of the bid side moved in the window: ln((distance at end + 1)/(distance at start + 1)), distances in ticks from spot',
  ),
  feature(
    'f3_bid_slope_convex_log',
    'bids',
    'far vs near',
    'ln',
    'ln((far + 1)/(near + 1)) of bid depth at window end',
  ),
  feature(
    'f3_bid_slope_inner_log',
    'bids',
    'near vs at spot',
    'ln',
    'ln((near + 1)/(at + 1)) of bid depth at window end',
  ),
  feature(
    'f3_bid_at_share_delta',
    'bids',
    'share at spot, Δ',
    'share',
    'Change in the window of the share of bid depth that is at spot (0 to 2 ticks)',
  ),
  feature(
    'f3_bid_near_share_delta',
    'bids',
    'share near, Δ',
    'share',
    'Change in the window of the share of bid depth that is near (3 to 5 ticks)',
  ),
  feature(
    'f3_bid_reprice_away_share_rest',
    'bids',
    'repriced away',
    'share',
    'Of rested bid quantity that was repriced, the share that moved away from spot; 0.5 without any',
  ),
  feature(
    'f4_bid_pull_add_log_rest',
    'bids',
    'pulled vs added',
    'ln',
    'ln((rested pulled + 1)/(added + 1)) of the bid side',
  ),
  feature('f4_bid_pull_intensity_log_rest', 'bids', 'pulling', 'ln', 'log1p(rested pulled/(bid depth at start + 1))'),
  feature(
    'f4_bid_at_pull_share_rest',
    'bids',
    'pulled at spot',
    'share',
    'Of rested bid quantity pulled, the share at spot',
  ),
  feature(
    'f4_bid_near_pull_share_rest',
    'bids',
    'pulled near',
    'share',
    'Of rested bid quantity pulled, the share that was near',
  ),
  feature(
    'f5_vacuum_expansion_log',
    'both',
    'both draw back',
    'ln',
    'f1_ask_com_disp_log + f3_bid_com_disp_log: both sides draw back',
  ),
  feature(
    'f6_vacuum_decay_log',
    'both',
    'both are pulled',
    'ln',
    'f2_ask_pull_add_log_rest + f4_bid_pull_add_log_rest: both sides are pulled more than added to',
  ),
  feature('f7_vacuum_total_log', 'both', 'vacuum in all', 'ln', 'f5 + f6'),
  feature(
    'f8_ask_bbo_dist_ticks',
    'both',
    'to the nearest ask',
    'ticks',
    'From spot to the nearest ask; 20 without one',
  ),
  feature(
    'f9_bid_bbo_dist_ticks',
    'both',
    'to the nearest bid',
    'ticks',
    'From spot to the nearest bid; 20 without one',
  ),
  feature('u1_ask_com_disp_log', 'up', 'asks draw back', 'ln', 'f1_ask_com_disp_log'),
  feature('u2_ask_slope_convex_log', 'up', 'asks: far vs near', 'ln', 'f1_ask_slope_convex_log'),
  feature('u2_ask_slope_inner_log', 'up', 'asks: near vs at spot', 'ln', 'f1_ask_slope_inner_log'),
  feature('u3_ask_at_share_decay', 'up', 'asks leave spot', 'share', '-f1_ask_at_share_delta'),
  feature('u3_ask_near_share_decay', 'up', 'asks leave near', 'share', '-f1_ask_near_share_delta'),
  feature('u4_ask_reprice_away_share_rest', 'up', 'asks repriced away', 'share', 'f1_ask_reprice_away_share_rest'),
  feature('u5_ask_pull_add_log_rest', 'up', 'asks pulled vs added', 'ln', 'f2_ask_pull_add_log_rest'),
  feature('u6_ask_pull_intensity_log_rest', 'up', 'asks pulling', 'ln', 'f2_ask_pull_intensity_log_rest'),
  feature('u7_ask_at_pull_share_rest', 'up', 'asks pulled at spot', 'share', 'f2_ask_at_pull_share_rest'),
  feature('u7_ask_near_pull_share_rest', 'up', 'asks pulled near', 'share', 'f2_ask_near_pull_share_rest'),
  feature('u8_bid_com_approach_log', 'up', 'bids come closer', 'ln', '-f3_bid_com_disp_log'),
  feature('u9_bid_slope_support_log', 'up', 'bids: near vs far', 'ln', '-f3_bid_slope_convex_log'),
  feature('u9_bid_slope_inner_log', 'up', 'bids: at spot vs near', 'ln', '-f3_bid_slope_inner_log'),
  feature('u10_bid_at_share_rise', 'up', 'bids gather at spot', 'share', 'f3_bid_at_share_delta'),
  feature('u10_bid_near_share_rise', 'up', 'bids gather near', 'share', 'f3_bid_near_share_delta'),
  feature(
    'u11_bid_reprice_toward_share_rest',
    'up',
    'bids repriced closer',
    'share',
    '1 - f3_bid_reprice_away_share_rest',
  ),
  feature('u12_bid_add_pull_log_rest', 'up', 'bids added vs pulled', 'ln', '-f4_bid_pull_add_log_rest'),
  feature('u13_bid_add_intensity_log', 'up', 'bids adding', 'ln', 'log1p(bid quantity added/(bid depth at start + 1))'),
  feature(
    'u14_bid_far_pull_share_rest',
    'up',
    'bids pulled far',
    'share',
    '1 - f4_bid_at_pull_share_rest - f4_bid_near_pull_share_rest: mid and far, and 1 without pulls',
  ),
  feature('u15_up_expansion_log', 'up', 'way up opens', 'ln', 'u1 + u8'),
  feature('u16_up_flow_log', 'up', 'flow for up', 'ln', 'u5 + u12'),
  feature('u17_up_total_log', 'up', 'way up in all', 'ln', 'u15 + u16'),
  feature('u18_ask_bbo_dist_ticks', 'up', 'to the nearest ask', 'ticks', 'f8_ask_bbo_dist_ticks'),
  feature('u19_bid_bbo_dist_ticks', 'up', 'to the nearest bid', 'ticks', 'f9_bid_bbo_dist_ticks'),
];

export const RADAR_NAMES: readonly string[] = RADAR_FEATURES.map(({ name }) => name);

/** Features of a group that have all the words of what is looked for in their names or meaning. */
export function radarMatches(feature: RadarFeature, wanted: string): boolean {
  const said = `${feature.name} ${feature.plain} ${feature.meaning}`.toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word));
}
