// The 49 features of a second (radar spec 1.9c, d), from where depth was at its start (0) and end (1), and what orders did in
// it. With one lot and one tick added wherever something is divided or a logarithm taken:
//
//   com_disp      ln((centre1 + 1) / (centre0 + 1))            convex  ln((far1 + 1) / (near1 + 1))
//   share_delta   at1 / (total1 + 1) - at0 / (total0 + 1)      inner   ln((near1 + 1) / (at1 + 1))
//   reprice_away  away / (away + toward + 1); 0.5 if nothing was repriced
//   pull_add      ln((pull + 1) / (add + 1))                   intensity  ln(1 + pull / (total0 + 1))
//   pull_share    pull_at / (pull + 1)                         bbo_dist   touch1
//   f5 = f1 com_disp + f3 com_disp    f6 = f2 pull_add + f4 pull_add    f7 = f5 + f6
//   u1..u7 those of the ask; u8..u14 those of the bid, signed so that up is positive; u13 = ln(1 + add / (total0 + 1));
//   u14 = (1 - at share) - near share; u15 = u1 + u8    u16 = u5 + u12    u17 = u15 + u16
//
//   unit    ln, shares, ticks: the contract says which
//   range   all finite
//   edge    a side without depth: centre and touch 20, quantities 0; u14 is 1 without pulls (D-26)
//   spec    radar 1.9c, 1.9d
#pragma once

#include "windows/radar/depth_statistics.hpp"
#include "windows/radar/order_flows.hpp"
#include "windows/radar/radar_row.hpp"

namespace spymaster::windows {

// One side in one window.
struct RadarSide {
    DepthStatistics start;
    DepthStatistics end;
    OrderFlows flows;
};

RadarValues radar_features(const RadarSide& ask, const RadarSide& bid);

}  // namespace spymaster::windows
