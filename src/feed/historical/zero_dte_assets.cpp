#include "feed/historical/zero_dte_assets.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>

#include "dbn/decoder.hpp"
#include "dbn/upgrade.hpp"
#include "feed/raw_files.hpp"
#include "market/expiration.hpp"

namespace spymaster::feed {

namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

bool same_letters(std::string_view a, std::string_view b) {
    const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
    return std::ranges::equal(a, b, {}, upper, upper);
}

// What the last record of an option says.
struct Option {
    std::string asset;
    std::uint64_t expiration = market::kUndefTimestamp;
};

class DefinitionReader {
  public:
    DefinitionReader(const market::Product& product, const std::string& symbol)
        : product_(product), symbol_(symbol) {}

    Result<void> read(const std::filesystem::path& file) {
        SPY_ASSIGN(dbn::Decoder decoder, dbn::Decoder::open(file));
        if (decoder.metadata() == nullptr) {
            return make_error(
                ErrorCode::conflict,
                "{} has no metadata, so nothing says which dataset it is of; use a whole DBN file",
                file.string());
        }
        if (decoder.metadata()->dataset != product_.dataset) return {};
        for (;;) {
            SPY_ASSIGN(const auto block, decoder.next_block());
            if (block.empty()) return {};
            const std::byte* const end = block.data() + block.size();
            for (const std::byte* record = block.data(); record != end;
                 record += dbn::load<dbn::RecordHeader>(record).size()) {
                take(record);
            }
        }
    }

    [[nodiscard]] const std::unordered_map<std::uint64_t, Option>& options() const { return options_; }

  private:
    [[nodiscard]] bool is_on_symbol(std::string_view underlying) const {
        return product_.has_roots() ? symbol_root(underlying) == symbol_ : same_letters(underlying, symbol_);
    }

    void take(const std::byte* record) {
        if (dbn::load<dbn::RecordHeader>(record).rtype != dbn::rtype::instrument_def) return;
        const auto definition = dbn::read_definition(record);
        if (!definition) return;
        if (definition->instrument_class != 'C' && definition->instrument_class != 'P') return;
        if (!is_on_symbol(trimmed(dbn::text(definition->underlying)))) return;
        const std::uint64_t instrument =
            std::uint64_t{definition->hd.publisher_id} << 32 | definition->hd.instrument_id;
        options_[instrument] = {std::string(trimmed(dbn::text(definition->asset))), definition->expiration};
    }

    const market::Product& product_;
    const std::string& symbol_;
    std::unordered_map<std::uint64_t, Option> options_;
};

}  // namespace

Result<ZeroDteAssets> zero_dte_assets(const std::vector<std::filesystem::path>& files,
                                      const market::Product& product, const std::string& symbol,
                                      const market::Date& date) {
    SPY_ASSERT(product.is_option());
    DefinitionReader reader(product, symbol);
    for (const auto& file : files) SPY_TRY(reader.read(file));
    ZeroDteAssets found;
    found.options = reader.options().size();
    if (found.options == 0) {
        return make_error(ErrorCode::missing, "no option on {} is defined in {}", symbol,
                          files.empty() ? "no file" : files.front().string());
    }
    std::set<std::string> assets;
    for (const auto& [instrument, option] : reader.options()) {
        if (option.asset.empty() || option.expiration > static_cast<std::uint64_t>(market::kNoExpiration))
            continue;
        SPY_ASSIGN(const auto expires,
                   market::expiration_date(product.type, static_cast<std::int64_t>(option.expiration)));
        if (expires == date) assets.insert(option.asset);
    }
    for (const std::string& asset : assets) {
        found.assets.push_back(asset);
        if (product.has_roots() && symbol == "ES" && !is_usual_asset(asset, date))
            found.surprises.push_back(asset);
    }
    return found;
}

bool is_usual_asset(const std::string& asset, const market::Date& date) {
    const market::Date third_friday = market::third_friday(date.year, date.month);
    if (date == third_friday) return asset == "ES";
    if ((date.day - third_friday.day) % 7 == 0) {
        static constexpr std::string_view kWeekly[] = {"EW", "EW1", "EW2", "EW3", "EW4"};
        return std::ranges::find(kWeekly, asset) != std::end(kWeekly);
    }
    return asset.size() >= 2 && asset[0] == 'E' && asset[1] >= '0' && asset[1] <= '9';
}

}  // namespace spymaster::feed
