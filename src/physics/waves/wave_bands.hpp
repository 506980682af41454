// Wave band: motion slower than one average and faster than the next.
//
//   u_band_fast = e2 - e8        u_band_mid = e8 - e32        u_band_slow = e32 - e128
//
//   unit    1/s
//   range   any; above 0 where the level has lately been growing faster than before
//   edge    first second: 0, as all averages are u
//   spec    5.3
#pragma once

namespace spymaster::physics {

inline double wave_band(double shorter_ema, double longer_ema) {
    return shorter_ema - longer_ema;
}

}  // namespace spymaster::physics
