#include "cli/live_arguments.hpp"

#include <algorithm>

#include "feed/historical/job_plan.hpp"
#include "feed/raw_files.hpp"
#include "market/session.hpp"
#include "pipeline/datasets.hpp"

namespace spymaster::cli {

namespace {

using feed::live::LiveSubscription;
using market::ProductType;

Result<const market::Product*> product_of(const std::string& dataset) {
    for (const market::Product& product : market::products())
        if (!product.is_option() && product.dataset == dataset) return &product;
    return make_error(ErrorCode::usage, "--dataset {}: live are GLBX.MDP3 (futures) and XNAS.ITCH (stocks)",
                      dataset);
}

// What is measured: the root of "ES.FUT" and "ES.c.0", else the symbol itself.
Result<std::string> symbol_measured(const market::Product& product, const std::vector<std::string>& asked) {
    std::vector<std::string> symbols;
    for (const std::string& symbol : asked) {
        std::string plain = product.has_roots() ? symbol.substr(0, symbol.find('.')) : symbol;
        if (std::ranges::find(symbols, plain) == symbols.end()) symbols.push_back(std::move(plain));
    }
    if (symbols.size() == 1) return symbols.front();
    return make_error(ErrorCode::usage,
                      "--symbols {}: one market at a time is measured; run another spymaster live for each "
                      "(with its own --port)",
                      fmt::join(asked, ","));
}

dbn::SymbolType type_of(const market::Product& product, const std::string& symbol) {
    if (!product.has_roots() || symbol.find('.') == std::string::npos) return dbn::SymbolType::raw_symbol;
    const bool parent = symbol.ends_with(".FUT") || symbol.ends_with(".OPT");
    return parent ? dbn::SymbolType::parent : dbn::SymbolType::continuous;
}

// Where records begin: the books as they are now, or everything from a time on.
struct Beginning {
    bool snapshot = false;
    std::int64_t start_ns = 0;
};

Result<Beginning> beginning_of(const LiveArguments& arguments) {
    if (arguments.from == "snapshot") return Beginning{.snapshot = true, .start_ns = 0};
    if (arguments.from == "all") return Beginning{};
    SPY_ASSIGN(const std::int64_t start_ns, market::parse_instant(arguments.from));
    return Beginning{.snapshot = false, .start_ns = start_ns};
}

LiveSubscription subscription(dbn::Schema schema, dbn::SymbolType type,
                              const std::vector<std::string>& symbols, const Beginning& beginning) {
    const bool snapshot = beginning.snapshot && schema == dbn::Schema::mbo;
    // What there was before can be had of every other schema only by asking for all of it again.
    return {.schema = schema,
            .stype_in = type,
            .symbols = symbols,
            .snapshot = snapshot,
            .start = snapshot ? std::nullopt : std::optional(beginning.start_ns)};
}

Result<std::vector<std::string>> option_symbols(const LiveArguments& arguments,
                                                const market::Product& options, const std::string& symbol) {
    if (!arguments.option_symbols.empty()) return arguments.option_symbols;
    if (options.underlying != ProductType::future_mbo) return std::vector{symbol + ".OPT"};
    std::vector<std::string> parents;
    for (const std::string& code : feed::option_codes(feed::symbol_root(symbol)))
        parents.push_back(code + ".OPT");
    return parents;
}

// What is asked for of the options: their records, what they are, and their open interest.
void ask_for_options(const market::Product& options, const std::vector<std::string>& symbols,
                     const Beginning& beginning, std::vector<LiveSubscription>& subscriptions) {
    const auto ask = [&](dbn::Schema schema, const Beginning& from) {
        subscriptions.push_back(subscription(schema, dbn::SymbolType::parent, symbols, from));
    };
    const Beginning all{};
    ask(dbn::Schema::definition, all);
    ask(dbn::Schema::statistics, all);
    ask(options.raw_schema == "cmbp-1" ? dbn::Schema::cmbp_1 : dbn::Schema::mbo, beginning);
}

feed::live::LiveOptions feed_options(const LiveArguments& arguments, const lake::Lake& lake,
                                     const std::string& key, std::string dataset) {
    feed::live::LiveOptions feed;
    feed.dataset = std::move(dataset);
    feed.gateway = arguments.gateway;
    feed.key = key;
    feed.root = lake.root();
    feed.heartbeat_interval_s = arguments.heartbeat_interval_s;
    return feed;
}

}  // namespace

void add_options(CLI::App& command, LiveArguments& arguments) {
    command.add_option("--dataset", arguments.dataset, "GLBX.MDP3 (futures) or XNAS.ITCH (stocks)")
        ->capture_default_str();
    command
        .add_option(
            "--symbols", arguments.symbols,
            "What to ask for, of one market: a root's futures (ES.FUT), a contract (ESH6), a continuous one "
            "(ES.c.0), a stock (SPY)")
        ->required()
        ->delimiter(',');
    command
        .add_option("--contract", arguments.contracts_measured,
                    "Of a root: which contracts are measured (default: the one most trading is in)")
        ->delimiter(',');
    command.add_flag("!--no-options", arguments.options, "Without the options that expire today");
    command
        .add_option("--option-symbols", arguments.option_symbols,
                    "Parents of the options (default: all that there are of the root, or SPY.OPT)")
        ->delimiter(',');
    command
        .add_option(
            "--from", arguments.from,
            "snapshot: the books as they are, then what happens; all: the whole session so far; or a time, "
            "2026-01-06T14:00:00Z")
        ->capture_default_str();
    command.add_option("--session", arguments.session, "Seconds to measure: rth, 09:30-09:40, full-day, ...")
        ->capture_default_str();
    command.add_option("--dt", arguments.date, "Date of the session (default: the feed's)");
    command.add_option("--gateway", arguments.gateway,
                       "host:port of another gateway than Databento's, as that of spymaster gateway");
    add_options(command, arguments.serving);
    command
        .add_option("--close-after-ms", arguments.close_after_ms,
                    "A second without a later record is closed so long after its end")
        ->capture_default_str();
    command
        .add_option("--stale-after-ms", arguments.stale_after_ms,
                    "An instrument without data for longer is called stale")
        ->capture_default_str();
    command
        .add_option("--heartbeat-s", arguments.heartbeat_interval_s,
                    "What the gateway is asked for, 5 to 1800")
        ->capture_default_str();
    command.add_flag("--exit", arguments.exit_at_end,
                     "Leave when the session is over and in the lake (default: go on serving)");
}

Result<pipeline::LiveRunOptions> live_run_options(const LiveArguments& arguments, const lake::Lake& lake,
                                                  std::string key) {
    SPY_ASSIGN(const market::Product* const product, product_of(arguments.dataset));
    pipeline::LiveRunOptions run;
    pipeline::Job& job = run.market.outright;
    job.product = product;
    job.grid = product->grid;
    SPY_ASSIGN(job.symbol, symbol_measured(*product, arguments.symbols));
    SPY_ASSIGN(job.session, market::parse_session(arguments.session));
    run.any_date = arguments.date.empty();
    if (!run.any_date) {
        SPY_ASSIGN(job.date, market::parse_date(arguments.date));
    }
    run.market.contracts = arguments.contracts_measured;
    run.market.close_after_ns = std::int64_t{arguments.close_after_ms} * 1'000'000;
    run.stale_after = std::chrono::milliseconds(arguments.stale_after_ms);
    SPY_ASSIGN(const Beginning beginning, beginning_of(arguments));

    run.feeds.push_back(feed_options(arguments, lake, key, arguments.dataset));
    auto& asked = run.feeds.front().subscriptions;
    asked.push_back(subscription(dbn::Schema::mbo, type_of(*product, arguments.symbols.front()),
                                 arguments.symbols, beginning));
    if (product->has_roots()) {
        asked.push_back(subscription(dbn::Schema::definition, type_of(*product, arguments.symbols.front()),
                                     arguments.symbols, Beginning{}));
        run.market.awaits_definitions = true;
    }
    const market::Product* const options = pipeline::option_product_of(product->type);
    if (!arguments.options || options == nullptr) return run;
    run.market.options = job;
    run.market.options->product = options;
    run.market.options->grid = options->grid;
    run.market.awaits_definitions = true;
    SPY_ASSIGN(const auto parents, option_symbols(arguments, *options, job.symbol));
    if (options->dataset != product->dataset)
        run.feeds.push_back(feed_options(arguments, lake, key, std::string(options->dataset)));
    ask_for_options(*options, parents, beginning, run.feeds.back().subscriptions);
    return run;
}

}  // namespace spymaster::cli
