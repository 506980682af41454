// The reference data of a simulated chain: what a definition file and a statistics file of the date would hold,
// with the fields that real ones fill and the rest undefined as there. Any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "dbn/reference_records.hpp"
#include "feed/simulated/option_chain.hpp"

namespace spymaster::feed {

// By ts_recv. CME: the underlying future, every option and spread at 00:00 UTC, all with action A. OPRA: every
// option at 06:30 New York. Later that morning one of today's options, which was announced for the next
// expiry, is put right (M), and another, the put of the highest strike, is deleted (D): a reader has to take
// the last record of each.
std::vector<dbn::InstrumentDefMsg> chain_definitions(const OptionChain& chain, const UnderlyingPath& path);

// Of the underlying itself, as in a file of its own: a future of CME, a stock of XNAS.
dbn::InstrumentDefMsg underlying_definition(const UnderlyingPath& path);

// By ts_recv. Open interest (type 9) of every option in the morning; some again during the session; one deleted
// (update_action 2), some of undefined quantity; among them opening prices (1), settlement prices (3) and cleared volumes (6).
// OPRA says each several times, from several publishers.
std::vector<dbn::StatMsg> chain_statistics(const OptionChain& chain, const UnderlyingPath& path);

}  // namespace spymaster::feed
