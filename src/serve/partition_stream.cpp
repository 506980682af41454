#include "serve/partition_stream.hpp"

#include "serve/table_encoder.hpp"

namespace spymaster::serve {

Result<std::string> partition_stream(const lake::Contract& contract, lake::PartitionReader& reader) {
    SPY_ASSIGN(const auto encoder, TableEncoder::make(contract));
    std::string out(encoder.schema_message());
    lake::ColumnBatch rows(contract);
    while (true) {
        SPY_ASSIGN(const bool more, reader.next(rows));
        if (!more) break;
        SPY_ASSIGN(const auto frame, encoder.frame(rows));
        out.append(frame->batch());
    }
    out.append(kArrowEnd);
    return out;
}

}  // namespace spymaster::serve
