// Which sessions the lake has to replay, and which of their partitions belong together. Reads the lake: on a
// worker.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "market/product.hpp"
#include "pipeline/datasets.hpp"
#include "serve/request.hpp"
#include "serve/surfaces.hpp"

namespace spymaster::serve {

// One day of one contract or share.
struct SessionKey {
    market::ProductType product = market::ProductType::future_mbo;
    std::string symbol;
    market::Date date;

    auto operator<=>(const SessionKey&) const = default;
};

// Its partitions: snapshots and gold make the session, flows answer /v1/flow.
pipeline::ContractDayKeys partitions_of(const SessionKey& session);

// The complete option gold of the session's symbol and date; none if there is none.
std::optional<lake::PartitionKey> option_gold_of(const lake::Lake& lake, const SessionKey& session);

// Whether there is something to replay: complete snapshots and gold.
bool is_served(const lake::Lake& lake, const SessionKey& session);

// The session a query names. A symbol is itself in the product asked for, else in the first product that has
// it, in the order of market::products(); else it is a root ("ES"), which names the contract that the
// selection map has for the date, else the only contract of that date. Error (missing) says what there is.
Result<SessionKey> resolve(const lake::Lake& lake, const SessionQuery& asked);

// The partition of silver that a surface shows as it is. REQUIRES: is_table(surface)
lake::PartitionKey table_of(const SessionKey& session, Surface surface);

// The hash of a partition's manifest, and so of its files; empty if it is not complete.
std::string manifest_sha256(const lake::Lake& lake, const lake::PartitionKey& key);

// The manifests of the session by their hashes: changes whenever a partition of it is replaced by another one, and when
// its option gold or a table of a surface comes or goes. Error (io): snapshots or gold are not there.
Result<std::string> partitions_signature(const lake::Lake& lake, const SessionKey& key);

// One that also changes whenever a calibration of its symbol comes, goes or changes: what the session is opened from.
// Error: likewise.
Result<std::string> session_signature(const lake::Lake& lake, const SessionKey& key);

}  // namespace spymaster::serve
