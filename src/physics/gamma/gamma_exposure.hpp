// Gamma exposure: how many dollars of the underlying the holders of these options have to trade to stay hedged when it
// moves by 1 %.
//
//   gamma * open interest * multiplier * S^2 * 0.01
//
//   unit    USD per 1 %
//   range   [0, inf)
//   edge    no open interest: 0
//   spec    radar 8.3 (D-32)
#pragma once

namespace spymaster::physics {

inline double gamma_exposure(double gamma, double open_interest, double multiplier, double underlying) {
    return gamma * open_interest * multiplier * underlying * underlying * 0.01;
}

}  // namespace spymaster::physics
