// Which code measures: a hash of the sources that decide the numbers.
#pragma once

#include <string_view>

namespace spymaster::pipeline {

// SHA-256, as lower-case hex, of the sources in src/{base,market,dbn,book,windows,physics,forecast}: the same
// wherever they are built, another as soon as one of them changes. Of a checkout:
//
//   cd src && find base market dbn book windows physics forecast -name '*.?pp' | LC_ALL=C sort |
//       xargs sha256sum | sha256sum
std::string_view engine_sha256();

}  // namespace spymaster::pipeline
