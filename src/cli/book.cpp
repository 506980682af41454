// spymaster book: the book of one instrument at a moment, whether it adds up, and what in the file did not fit; or
// all books of a file together.
#include "book/book.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/book_report.hpp"
#include "cli/book_totals.hpp"
#include "cli/command.hpp"
#include "dbn/decoder.hpp"
#include "dbn/symbol_map.hpp"
#include "market/time.hpp"

namespace spymaster::cli {

namespace {

using book::Book;

struct BookArguments {
    std::string file;
    std::string at;
    std::string symbol;
    std::optional<std::uint16_t> publisher;
    std::size_t levels = 10;
    std::string tick;
    bool all = false;
    bool json = false;
};

// One instrument of one publisher: instrument ids are unique within a publisher only.
struct Key {
    std::uint16_t publisher_id = 0;
    std::uint32_t instrument_id = 0;
    auto operator<=>(const Key&) const = default;
};

struct Instrument {
    explicit Instrument(market::PriceDelta tick) : book(tick) {}

    Book book;
    std::string symbol;
    std::uint64_t records = 0;
    std::uint64_t last_ts_recv = 0;
};
using Instruments = std::map<Key, Instrument>;

struct Reading {
    Instruments instruments;
    std::optional<Error> error;  // what ended the reading early; what came before it is applied
};

// A tick written as a decimal: "0.25".
Result<market::PriceDelta> parse_tick(const std::string& text) {
    std::uint64_t nanos = 0;
    int decimals = -1;  // of the fraction read so far; -1 before the point
    bool bad = text.empty() || text.size() > 18 || text == ".";
    for (const char c : text) {
        if (c == '.' && decimals < 0) {
            decimals = 0;
        } else if (c >= '0' && c <= '9' && decimals < 9) {
            nanos = nanos * 10 + static_cast<std::uint64_t>(c - '0');
            if (decimals >= 0) ++decimals;
        } else {
            bad = true;
        }
    }
    for (int i = std::max(decimals, 0); i < 9; ++i) bad = bad || __builtin_mul_overflow(nanos, 10, &nanos);
    if (bad || nanos == 0 || nanos > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        return make_error(ErrorCode::usage, "'{}' is not a tick; write a price above 0 such as 0.25", text);
    }
    return market::PriceDelta{static_cast<std::int64_t>(nanos)};
}

// The tick only decides how fast the book is, not what it says: a guess by dataset will do.
Result<market::PriceDelta> tick_of(const BookArguments& arguments, const dbn::Metadata* metadata) {
    if (!arguments.tick.empty()) return parse_tick(arguments.tick);
    const bool globex = metadata == nullptr || metadata->dataset == "GLBX.MDP3";
    return market::PriceDelta{globex ? 250'000'000 : 10'000'000};
}

Result<Reading> read_books(const BookArguments& arguments) {
    std::uint64_t until = std::numeric_limits<std::uint64_t>::max();
    if (!arguments.at.empty()) {
        SPY_ASSIGN(const std::int64_t at, market::parse_instant(arguments.at));
        until = static_cast<std::uint64_t>(std::max<std::int64_t>(at, 0));
    }
    SPY_ASSIGN(dbn::Decoder decoder, dbn::Decoder::open(arguments.file));
    const dbn::SymbolMap symbols =
        decoder.metadata() != nullptr ? dbn::SymbolMap(*decoder.metadata()) : dbn::SymbolMap();
    SPY_ASSIGN(const market::PriceDelta tick, tick_of(arguments, decoder.metadata()));
    Reading reading;
    for (;;) {
        const auto block = decoder.next_block();
        if (!block) reading.error = block.error();
        if (!block || block->empty()) return reading;
        for (std::size_t offset = 0; offset < block->size();) {
            const auto header = dbn::load<dbn::RecordHeader>(block->data() + offset);
            const std::byte* const record = block->data() + offset;
            offset += header.size();
            if (header.rtype != dbn::rtype::mbo || header.size() < sizeof(dbn::MboMsg)) continue;
            if (arguments.publisher && header.publisher_id != *arguments.publisher) continue;
            const auto msg = dbn::load<dbn::MboMsg>(record);
            if (msg.ts_recv > until && msg.ts_recv != dbn::kUndefTimestamp)
                return reading;  // files are ordered by it
            const auto [place, is_new] =
                reading.instruments.try_emplace({header.publisher_id, header.instrument_id}, tick);
            Instrument& instrument = place->second;
            if (is_new) {
                const auto seen = static_cast<std::int64_t>(std::min(msg.ts_recv, std::uint64_t{1} << 62));
                instrument.symbol = symbols.find(header.instrument_id, seen);
            }
            if (!arguments.symbol.empty() && instrument.symbol != arguments.symbol) continue;
            instrument.book.apply(msg);
            ++instrument.records;
            instrument.last_ts_recv = msg.ts_recv;
        }
    }
}

// The instrument asked for, else the one with most records.
Result<Instruments::const_iterator> choose(const BookArguments& arguments, const Instruments& instruments) {
    const auto most =
        std::max_element(instruments.begin(), instruments.end(),
                         [](const auto& a, const auto& b) { return a.second.records < b.second.records; });
    if (most != instruments.end() && most->second.records > 0) return most;
    if (instruments.empty()) {
        return make_error(ErrorCode::missing,
                          "{}: no market-by-order records {}; `spymaster inspect` shows what there is",
                          arguments.file, arguments.at.empty() ? "in it" : "until then");
    }
    std::string known;
    for (const auto& [key, instrument] : instruments) {
        if (known.size() < 200) known += (known.empty() ? "" : ", ") + instrument.symbol;
    }
    return make_error(ErrorCode::missing, "{}: no records of '{}'; there are: {}", arguments.file,
                      arguments.symbol, known);
}

int show_all(const BookArguments& arguments, const Reading& reading) {
    BookTotals totals(arguments.file, !reading.error.has_value());
    for (const auto& [key, instrument] : reading.instruments) {
        if (instrument.records > 0) totals.add(instrument.book, instrument.records);
    }
    arguments.json ? totals.print_json() : totals.print_table();
    return reading.error ? fail(*reading.error) : 0;
}

int show_book(const BookArguments& arguments) {
    const auto reading = read_books(arguments);
    if (!reading) return fail(reading.error());
    if (arguments.all) return show_all(arguments, *reading);
    const auto chosen = choose(arguments, reading->instruments);
    if (!chosen) return fail(reading->error ? *reading->error : chosen.error());
    const auto& [key, instrument] = **chosen;
    if (reading->instruments.size() > 1 && arguments.symbol.empty()) {
        fmt::print(
            stderr,
            "spymaster: {} instruments in the file; this is the one with most records (--symbol chooses)\n",
            reading->instruments.size());
    }
    const BookReport report(arguments.file, {key.publisher_id, key.instrument_id, instrument.symbol},
                            {instrument.records, instrument.last_ts_recv, !reading->error.has_value()},
                            instrument.book, arguments.levels);
    arguments.json ? report.print_json() : report.print_table();
    return reading->error ? fail(*reading->error) : 0;
}

}  // namespace

void add_book(CLI::App& app, int& exit) {
    auto arguments = std::make_shared<BookArguments>();
    CLI::App* command =
        app.add_subcommand("book", "Print the order book of a DBN file at a moment, and check it");
    command->add_option("file", arguments->file, "A DBN file with market-by-order records")->required();
    command->add_option(
        "--at", arguments->at,
        "The moment: records with ts_recv up to it are applied (2023-12-25T23:00:00Z); default: the end");
    auto* symbol = command->add_option("--symbol", arguments->symbol,
                                       "The instrument; default: the one with most records");
    command
        ->add_flag("--all", arguments->all,
                   "All instruments of the file together: books, orders, levels, and their memory")
        ->excludes(symbol);
    command->add_option("--publisher", arguments->publisher, "Only records of this publisher_id");
    command->add_option("--levels", arguments->levels, "Prices to show on each side")->capture_default_str();
    command->add_option("--tick", arguments->tick,
                        "The instrument's tick, such as 0.25; it only makes the book faster");
    command->add_flag("--json", arguments->json, "One JSON object");
    command->footer(
        "A damaged file is replayed up to the damage; the error goes to stderr and the exit code is 3.");
    command->callback([arguments, &exit] { exit = show_book(*arguments); });
}

}  // namespace spymaster::cli
