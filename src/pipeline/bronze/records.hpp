// A run of the canonical records of one partition, on its way from a raw file or from bronze to the engine.
#pragma once

#include <cstddef>
#include <span>

#include "dbn/records.hpp"
#include "market/product.hpp"

namespace spymaster::pipeline {

struct OptionTerms;

// Records in file order: orders, or quotes, whichever the product has; the other is empty. What the pointers
// lead to outlives the partition's last run.
struct RecordRun {
    std::span<const dbn::MboMsg> orders{};
    std::span<const dbn::Cmbp1Msg> quotes{};
    std::span<const OptionTerms* const> options{};      // of each record; outright contracts have none
    std::span<const OptionTerms* const> new_options{};  // that no earlier run of the partition had

    [[nodiscard]] std::size_t size() const { return orders.size() + quotes.size(); }
};

// Whether a product's records are consolidated best quotes (CMBP-1), not orders.
constexpr bool has_quotes(const market::Product& product) {
    return product.raw_schema == "cmbp-1";
}

constexpr std::uint8_t record_type(const market::Product& product) {
    return has_quotes(product) ? dbn::rtype::cmbp_1 : dbn::rtype::mbo;
}

}  // namespace spymaster::pipeline
