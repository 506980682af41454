#include "feed/historical/job_plan.hpp"

#include <algorithm>
#include <set>

namespace spymaster::feed {

namespace {

using market::ProductType;

constexpr std::int64_t kNanosPerDay = 86'400 * market::kNanosPerSecond;
constexpr std::size_t kMostDays = 3'660;

constexpr std::string_view kDefinition = "definition";
constexpr std::string_view kStatistics = "statistics";

// 0 is Sunday.
int weekday(const market::Date& date) {
    const std::int64_t days = date.midnight_utc_ns() / kNanosPerDay;
    return static_cast<int>((days + 4) % 7);  // 1970-01-01 was a Thursday
}

ProductType option_product(DownloadProgram program) {
    return program == DownloadProgram::futures ? ProductType::future_option_mbo
                                               : ProductType::equity_option_mbo;
}

std::string product_type_of(ProductType product) {
    if (product == ProductType::future_mbo) return "futures";
    return product == ProductType::future_option_mbo ? "futures_options" : "";
}

Result<RawKind> kind_of(const market::Product& product, std::string_view schema) {
    if (schema == product.raw_schema) return RawKind::records;
    if (schema == kDefinition && product.type != ProductType::future_mbo) return RawKind::definitions;
    if (schema == kStatistics && product.is_option()) return RawKind::statistics;
    return make_error(ErrorCode::usage, "schema '{}' of {} is not one that is kept; there are: {}{}{}",
                      schema, product.name, product.raw_schema,
                      product.type == ProductType::future_mbo ? "" : ", definition",
                      product.is_option() ? ", statistics" : "");
}

Result<JobRequest> request_of(ProductType type, std::string_view schema, std::string_view symbol,
                              const market::Date& date) {
    const market::Product& product = market::product_of(type);
    JobRequest request{.dataset = std::string(product.dataset),
                       .schema = std::string(schema),
                       .symbol = std::string(symbol),
                       .date = date,
                       .product_type = product_type_of(type),
                       .symbols = {},
                       .stype_in = type == ProductType::equity_mbo ? "raw_symbol" : "parent",
                       .product = type};
    SPY_ASSIGN(request.kind, kind_of(product, schema));
    if (type == ProductType::future_mbo) request.symbols = {request.symbol + ".FUT"};
    if (type == ProductType::equity_mbo) request.symbols = {request.symbol};
    return request;
}

void ask_for_codes(JobRequest& request, const std::vector<std::string>& codes) {
    for (const std::string& code : codes.empty() ? option_codes(request.symbol) : codes)
        request.symbols.push_back(code + ".OPT");
}

// Of one date and symbol, in the order in which one needs the other.
Result<std::vector<JobRequest>> jobs_of(const DownloadPlanOptions& options, const std::string& symbol,
                                        const market::Date& date) {
    std::vector<JobRequest> jobs;
    if (options.program == DownloadProgram::futures && options.include_futures) {
        SPY_ASSIGN(jobs.emplace_back(), request_of(ProductType::future_mbo, "mbo", symbol, date));
    }
    if (options.program == DownloadProgram::equities) {
        for (const std::string& schema : options.equity_schemas) {
            SPY_ASSIGN(jobs.emplace_back(), request_of(ProductType::equity_mbo, schema, symbol, date));
        }
    }
    std::vector<JobRequest> data;
    for (const std::string& schema : options.options_schemas) {
        SPY_ASSIGN(JobRequest request, request_of(option_product(options.program), schema, symbol, date));
        if (request.kind == RawKind::definitions) {
            ask_for_codes(request, options.definition_codes);
            jobs.push_back(std::move(request));
        } else {
            data.push_back(std::move(request));
        }
    }
    std::ranges::move(data, std::back_inserter(jobs));
    return jobs;
}

std::string_view next_field(std::string_view& rest) {
    const auto bar = rest.find('|');
    const std::string_view field = rest.substr(0, bar);
    rest = bar == std::string_view::npos ? std::string_view{} : rest.substr(bar + 1);
    return field;
}

}  // namespace

std::string JobRequest::key() const {
    std::string key = fmt::format("{}|{}|{}|{}", dataset, schema, symbol, date.iso());
    if (!product_type.empty()) key += "|" + product_type;
    return key;
}

bool JobRequest::needs_definitions() const {
    return market::product_of(product).is_option() && kind != RawKind::definitions;
}

Result<std::vector<market::Date>> download_dates(DownloadProgram program, const market::Date& start,
                                                 const market::Date& end) {
    if (end < start) {
        return make_error(ErrorCode::usage, "--end {} is before --start {}", end.iso(), start.iso());
    }
    if ((end.midnight_utc_ns() - start.midnight_utc_ns()) / kNanosPerDay >=
        static_cast<std::int64_t>(kMostDays)) {
        return make_error(ErrorCode::usage, "{} to {} is more than {} days; ask for fewer at once",
                          start.iso(), end.iso(), kMostDays);
    }
    std::vector<market::Date> dates;
    for (market::Date date = start; date <= end; date = date.next()) {
        const int day = weekday(date);
        if (day == 6 || (day == 0 && program == DownloadProgram::equities)) continue;
        dates.push_back(date);
    }
    if (dates.empty()) {
        return make_error(ErrorCode::usage, "{} to {} has no trading day", start.iso(), end.iso());
    }
    return dates;
}

Result<std::vector<std::string>> parse_download_symbols(DownloadProgram program, std::string_view text) {
    std::vector<std::string> symbols;
    while (!text.empty()) {
        const auto comma = text.find(',');
        std::string symbol;
        for (const char c : text.substr(0, comma)) {
            if (c != ' ' && c != '\t') symbol += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        }
        text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
        if (symbol.empty()) continue;
        SPY_TRY(raw_folder({}, market::product_of(option_product(program)), RawKind::records, symbol));
        if (program == DownloadProgram::futures && symbol_root(symbol) != symbol) {
            return make_error(ErrorCode::usage,
                              "{} is a contract; all of its root are downloaded together: --symbols {}",
                              symbol, symbol_root(symbol));
        }
        if (std::ranges::find(symbols, symbol) == symbols.end()) symbols.push_back(std::move(symbol));
    }
    if (symbols.empty()) return make_error(ErrorCode::usage, "--symbols names none");
    return symbols;
}

std::vector<std::string> option_codes(std::string_view root) {
    if (root != "ES") return {std::string(root)};
    std::vector<std::string> codes{"ES", "EW", "EW1", "EW2", "EW3", "EW4"};
    for (const char day : {'A', 'B', 'C', 'D'}) {
        for (int week = 1; week <= 5; ++week) codes.push_back(fmt::format("E{}{}", week, day));
    }
    return codes;
}

Result<std::vector<JobRequest>> plan_jobs(const DownloadPlanOptions& options) {
    SPY_ASSIGN(const std::vector<market::Date> dates,
               download_dates(options.program, options.start, options.end));
    if (!options.definition_codes.empty() && options.symbols.size() != 1) {
        return make_error(ErrorCode::usage, "codes of options belong to one symbol; give one with --symbols");
    }
    std::vector<JobRequest> jobs;
    std::set<std::string> keys;
    for (const market::Date& date : dates) {
        for (const std::string& symbol : options.symbols) {
            SPY_ASSIGN(std::vector<JobRequest> some, jobs_of(options, symbol, date));
            for (JobRequest& job : some)
                if (keys.insert(job.key()).second) jobs.push_back(std::move(job));
        }
    }
    if (jobs.empty()) {
        return make_error(ErrorCode::usage, "no schema is asked for: name some with {}",
                          options.program == DownloadProgram::futures
                              ? "--options-schemas, or give --include-futures"
                              : "--equity-schemas or --options-schemas");
    }
    return jobs;
}

JobRequest definitions_of(const JobRequest& request, const std::vector<std::string>& definition_codes) {
    SPY_ASSERT(request.needs_definitions());
    JobRequest definitions = request;
    definitions.schema = kDefinition;
    definitions.kind = RawKind::definitions;
    definitions.symbols.clear();
    ask_for_codes(definitions, definition_codes);
    return definitions;
}

Result<JobRequest> request_of_key(std::string_view key) {
    std::string_view rest = key;
    const std::string_view dataset = next_field(rest);
    const std::string_view schema = next_field(rest);
    const std::string_view symbol = next_field(rest);
    const auto date = market::parse_date(next_field(rest));
    for (const market::Product& product : market::products()) {
        if (!date.ok() || product.dataset != dataset || product_type_of(product.type) != rest) continue;
        auto request = request_of(product.type, schema, symbol, *date);
        if (request.ok() && raw_folder({}, product, request->kind, symbol).ok()) return request;
    }
    return make_error(ErrorCode::malformed, "'{}' is not the key of a job that can be downloaded", key);
}

}  // namespace spymaster::feed
