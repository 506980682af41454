#include "feed/gateway/contract_names.hpp"

#include <algorithm>
#include <charconv>

#include "feed/raw_files.hpp"
#include "market/expiration.hpp"

namespace spymaster::feed {

namespace {

constexpr std::string_view kMonthLetters = "FGHJKMNQUVXZ";
constexpr std::size_t kOccRoot = 6;
constexpr std::size_t kOccLength = 21;
constexpr std::size_t kMaxRank = 100;

bool all_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int number(std::string_view digits) {
    int value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

}  // namespace

std::optional<OccName> read_occ_name(std::string_view name) {
    if (name.size() != kOccLength || !all_digits(name.substr(kOccRoot, 6)) || !all_digits(name.substr(13)))
        return std::nullopt;
    const char right = name[12];
    const auto root = name.substr(0, kOccRoot);
    const auto length = root.find(' ');
    if ((right != 'C' && right != 'P') || length == 0) return std::nullopt;
    const auto date = market::parse_date(
        fmt::format("20{}-{}-{}", name.substr(6, 2), name.substr(8, 2), name.substr(10, 2)));
    if (!date) return std::nullopt;
    return OccName{std::string(root.substr(0, length)), *date, right};
}

std::optional<FutureName> read_future_name(std::string_view name, const market::Date& seen) {
    std::string root = symbol_root(name);
    if (root.size() == name.size()) return std::nullopt;
    const auto month = static_cast<int>(kMonthLetters.find(name[root.size()])) + 1;
    const auto digits = name.substr(root.size() + 1);
    const int cycle = digits.size() == 1 ? 10 : 100;
    int year = (seen.year - 1) / cycle * cycle + number(digits);
    if (year < seen.year - 1) year += cycle;
    return FutureName{std::move(root), market::third_friday(year, month)};
}

bool is_parent_name(std::string_view name) {
    return name.size() > 4 && (name.ends_with(".FUT") || name.ends_with(".OPT"));
}

Result<ContinuousName> read_continuous_name(std::string_view name) {
    const auto rank_dot = name.rfind('.');
    const auto rule_dot =
        rank_dot == std::string_view::npos || rank_dot == 0 ? rank_dot : name.rfind('.', rank_dot - 1);
    const auto bad = [name] {
        return make_error(ErrorCode::usage,
                          "'{}' is not a continuous contract; it is ROOT.RULE.RANK, RULE one of c, n, v",
                          name);
    };
    if (rule_dot == std::string_view::npos || rule_dot == 0 || rank_dot != rule_dot + 2) return bad();
    const char rule = name[rule_dot + 1];
    const auto rank = name.substr(rank_dot + 1);
    if (std::string_view("cnv").find(rule) == std::string_view::npos || !all_digits(rank) || rank.size() > 3)
        return bad();
    const auto place = static_cast<std::size_t>(number(rank));
    if (place > kMaxRank) return bad();
    return ContinuousName{std::string(name.substr(0, rule_dot)), rule != 'c', place};
}

}  // namespace spymaster::feed
