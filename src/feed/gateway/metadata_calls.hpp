// The calls of metadata.*, symbology.* and timeseries.*: parameters in, answer out. What a request does wrong is refused in its
// reader; the answer is then of no meaning. Thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "feed/gateway/http_message.hpp"
#include "feed/gateway/raw_library.hpp"
#include "feed/gateway/request_reader.hpp"

namespace spymaster::feed {

using ApiCall = HttpReply (*)(RequestReader&, const RawLibrary&);
// By the name after "/v0/": "metadata.get_cost"; nullptr: not one of them.
ApiCall find_call(std::string_view name);

// As symbology.resolve answers.
nlohmann::json resolution_json(const Resolution& resolution, const std::vector<std::string>& symbols,
                               dbn::SymbolType stype_in, dbn::SymbolType stype_out, const market::Date& start,
                               const market::Date& end);
// As metadata.get_dataset_condition answers, from `start` to `end`, inclusive.
nlohmann::json condition_json(const RawLibrary& library, std::string_view dataset, const market::Date& start,
                              const market::Date& end);
HttpReply json_reply(const nlohmann::json& json);

}  // namespace spymaster::feed
