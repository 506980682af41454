// The forecast that a client has to see: made in memory from the values of a small session, by the engine alone.
#pragma once

#include <cstdint>
#include <vector>

#include "arrow_table.hpp"
#include "forecast/forecaster.hpp"
#include "small_lake.hpp"

namespace spymaster::serve {

// Of window k. Options count where the product's gold of them tells obstacles. REQUIRES: covers() then
forecast::Forecast1s forecast_of(const SmallSession& session, const SmallChain* chain, std::int64_t k,
                                 const forecast::Parameters& parameters = {});

// Whether the options have rows in every window: a forecast takes them as a whole or says that it cannot.
bool covers(const SmallChain& chain, const SmallSession& session);

// Its rows on the surface: 31 of a valid second, one of nulls of another; added to those there are.
void append_rows(ArrowTable& table, const forecast::Forecast1s& forecast);

// The surface has these rows and no others, in one batch.
void expect_forecast(const ArrowTable& surface, const forecast::Forecast1s& forecast);

}  // namespace spymaster::serve
