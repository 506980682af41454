// A lake with sessions small enough to know every value of, written through the lake's own API.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "forecast/parameters.hpp"
#include "lake/lake.hpp"
#include "serve/sessions.hpp"

namespace spymaster::serve {

struct SmallSession {
    std::string symbol = "ESH6";
    market::Date date{2026, 1, 6};
    std::int64_t first_end = 1'767'709'800'000'000'000;  // 2026-01-06 09:30 New York
    std::int64_t windows = 5;
    int half_width = 3;
    std::int64_t empty_window = -1;  // this one has no spot, and so no gold
    std::int64_t seed = 0;           // moves every value
    market::ProductType product = market::ProductType::future_mbo;
    bool old_manifest = false;  // without the properties that came with the options

    [[nodiscard]] SessionKey key() const { return {product, symbol, date}; }
};

// The options on a session.
struct SmallChain {
    int half_width = 40;
    int step = 20;
    std::int64_t first = 0;          // windows [first, last) have rows
    std::int64_t last = 1'000'000;   // at most those of the session
    std::int64_t empty_window = -1;  // and this one has none
    std::int64_t seed = 0;           // moves every value
};

// What the files hold, as functions of the window k and the place in it.
std::int64_t end_of(const SmallSession& session, std::int64_t k);
std::int64_t spot_of(const SmallSession& session, std::int64_t k);  // 0 in the empty window
double mid_of(const SmallSession& session, std::int64_t k);
bool valid_of(std::int64_t k);         // book_valid
bool window_valid_of(std::int64_t k);  // at most where the book is
double field_of(const SmallSession& session, std::int64_t k, char side, int rel_ticks, std::size_t field);
// u_near, u_p_slow: what gold has for the forecast beyond those fields.
double cell_of(std::int64_t k, char side, int rel_ticks, std::string_view name);
// Omega_opt of an option row.
double obstacle_of(const SmallChain& chain, std::int64_t k, char right, char side, int rel_ticks);
// liquidity_velocity of an option row, such that the four of a strike give another sum in another order.
double option_velocity_of(const SmallChain& chain, std::int64_t k, char right, char side, int rel_ticks);
bool has_options(const SmallChain& chain, std::int64_t k);

// A folder that is removed with its lake.
class TemporaryLake {
  public:
    TemporaryLake();
    ~TemporaryLake();
    TemporaryLake(const TemporaryLake&) = delete;
    TemporaryLake& operator=(const TemporaryLake&) = delete;

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] lake::Lake open() const;
    // Silver snapshot, silver flow (one ask and one bid row a window) and gold. Fails the test if it cannot.
    void write(const SmallSession& session) const;
    void write_snapshots_only(const SmallSession& session) const;
    // Gold of the options on the session, made from its snapshots.
    void write_options(const SmallSession& session, const SmallChain& chain) const;
    // The calibration of a symbol ("ESH6", or "ES" for all its contracts), of that name; returns where it is.
    std::filesystem::path write_calibration(
        const std::string& symbol, std::int64_t trained_until_ns, const forecast::Parameters& parameters,
        market::ProductType product = market::ProductType::future_mbo) const;
    // The partition of that gold.
    [[nodiscard]] std::filesystem::path options_folder(const SmallSession& session) const;

  private:
    std::filesystem::path folder_;
};

}  // namespace spymaster::serve
