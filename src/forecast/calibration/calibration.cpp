#include "forecast/calibration/calibration.hpp"

namespace spymaster::forecast {

void Calibrator::add(const StudyDay& day) {
    path_.add(day);
    order_flow_.add(day);
    micro_price_.add(day);
}

std::int64_t Calibrator::samples() const {
    return path_.samples();
}

Result<Calibration> Calibrator::fit() const {
    SPY_ASSIGN(const PathFit path, path_.fit());
    return Calibration{path, order_flow_.fit(), micro_price_.fit()};
}

}  // namespace spymaster::forecast
