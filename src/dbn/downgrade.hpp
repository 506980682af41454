// Writes the record types that changed between DBN versions in their old layouts: the way back of upgrade.hpp.
// What an old version has no field for, the legs of spreads, is left out.
#pragma once

#include "base/result.hpp"
#include "dbn/legacy_records.hpp"
#include "dbn/reference_records.hpp"

namespace spymaster::dbn {

// Error (usage): a text or number that does not fit its old field (named).
Result<v1::InstrumentDefMsg> definition_v1(const InstrumentDefMsg& def);
Result<v2::InstrumentDefMsg> definition_v2(const InstrumentDefMsg& def);
// Versions 1 and 2.
Result<v1::StatMsg> statistics_v1(const StatMsg& stat);

}  // namespace spymaster::dbn
