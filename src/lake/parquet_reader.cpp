#include "lake/parquet_reader.hpp"

#include <parquet/column_reader.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>

#include <algorithm>
#include <cstdint>
#include <new>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace spymaster::lake {
namespace {

// No writer makes row groups of this many rows: a footer that says so is damaged, and must not make us ask
// for terabytes.
constexpr std::int64_t kMaxRowGroupRows = std::int64_t{1} << 24;
constexpr std::size_t kRowsPerRead = 8'192;

// Our own finding inside code that otherwise fails by Arrow's exceptions; ends in `guarded`.
struct Refusal {
    Error error;
};

// Runs what calls Arrow, and makes an Error of what it throws: whatever is thrown here comes from the file's
// bytes.
template <class Body>
Result<void> guarded(const std::filesystem::path& path, const Body& body) {
    try {
        body();
        return {};
    } catch (const Refusal& refusal) {
        return refusal.error.within(path.string());
    } catch (const std::bad_alloc&) {
        return make_error(ErrorCode::malformed, "{}: asks for more memory than there is", path.string());
    } catch (const parquet::ParquetStatusException& exception) {
        const auto& status = exception.status();
        return make_error(status.IsIOError() ? ErrorCode::io : ErrorCode::malformed, "{}: {}", path.string(),
                          status.message());
    } catch (const std::exception& exception) {
        return make_error(ErrorCode::malformed, "{}: {}", path.string(), exception.what());
    }
}

bool can_hold(ColumnType type, const parquet::ColumnDescriptor& stored) {
    if (stored.max_repetition_level() != 0 || stored.max_definition_level() > 1) return false;
    switch (type) {
        case ColumnType::long_:
        case ColumnType::int_:
            return stored.physical_type() == parquet::Type::INT64 ||
                   stored.physical_type() == parquet::Type::INT32;
        case ColumnType::double_:
            return stored.physical_type() == parquet::Type::DOUBLE;
        case ColumnType::boolean:
            return stored.physical_type() == parquet::Type::BOOLEAN;
        case ColumnType::string:
            return stored.physical_type() == parquet::Type::BYTE_ARRAY;
    }
    return false;
}

// Values that come without the nulls between them, to the rows they belong to; 0 at a null.
template <class T>
void spread(std::span<T> run, std::span<const std::uint8_t> there, std::size_t values) {
    for (std::size_t row = run.size(); row-- > 0;) run[row] = there[row] != 0 ? run[--values] : T{};
}

// Adds the validity of the rows read, which is that of their levels. Throws Refusal.
std::span<const std::uint8_t> append_validity(Validity& validity, const parquet::ColumnDescriptor& stored,
                                              std::span<const std::int16_t> levels, std::int64_t values) {
    const std::size_t before = validity.size();
    const bool has_nulls = stored.max_definition_level() > 0;
    std::int64_t there = 0;
    for (const std::int16_t level : levels) {
        validity.push_back(!has_nulls || level > 0 ? 1 : 0);
        there += validity.back();
    }
    if (there != values)
        throw Refusal{make_error(ErrorCode::malformed, "column {} lacks values", stored.name())};
    return std::span(validity).subspan(before);
}

// The column's values, all of them, handed to `take(values, there)` in runs, where `there` is empty or the validity of each.
// `validity`, if any, grows by every row's. Throws Refusal, ParquetException.
template <class Reader, class Take>
void read_values(parquet::ColumnReader& column, std::int64_t rows, Validity* validity, const Take& take) {
    using T = typename Reader::T;
    const std::string& name = column.descr()->name();
    auto& reader = static_cast<Reader&>(column);
    const std::unique_ptr<T[]> run(new T[kRowsPerRead]);
    std::vector<std::int16_t> levels(kRowsPerRead);
    for (std::int64_t done = 0; done < rows;) {
        const std::int64_t wanted = std::min(static_cast<std::int64_t>(kRowsPerRead), rows - done);
        std::int64_t values = 0;
        const std::int64_t got = reader.ReadBatch(wanted, levels.data(), nullptr, run.get(), &values);
        if (got <= 0) throw Refusal{make_error(ErrorCode::malformed, "column {} ends early", name)};
        if (values != got && validity == nullptr) {
            throw Refusal{make_error(ErrorCode::conflict, "column {} has a null after row {}", name, done)};
        }
        const std::span<T> taken(run.get(), static_cast<std::size_t>(got));
        std::span<const std::uint8_t> there;
        if (validity != nullptr) {
            there =
                append_validity(*validity, *column.descr(), std::span(levels).first(taken.size()), values);
            if (values != got) spread(taken, there, static_cast<std::size_t>(values));
        }
        take(taken, there);
        done += got;
    }
    if (reader.HasNext())
        throw Refusal{make_error(ErrorCode::malformed, "column {} has more values than rows", name)};
}

// Codes of texts met so far, in order of first appearance.
class Interner {
  public:
    explicit Interner(std::vector<std::string>& dictionary) : dictionary_(dictionary) {}

    std::int32_t code(std::string_view text) {
        if (last_code_ >= 0 && text == last_) return last_code_;
        const auto [entry, is_new] =
            codes_.try_emplace(std::string(text), static_cast<std::int32_t>(codes_.size()));
        if (is_new) dictionary_.push_back(entry->first);
        last_ = entry->first;  // keys of a map stay where they are
        last_code_ = entry->second;
        return last_code_;
    }

  private:
    std::vector<std::string>& dictionary_;
    std::unordered_map<std::string, std::int32_t> codes_;
    std::string_view last_;
    std::int32_t last_code_ = -1;
};

// Reads a column of a row group into an empty column of the batch. Throws Refusal, ParquetException.
struct ReadColumn {
    parquet::ColumnReader& column;
    std::int64_t rows;
    Validity* validity;  // none of a column that is not nullable

    template <class T>
    void operator()(std::vector<T>& target) const {
        target.reserve(static_cast<std::size_t>(rows));
        if constexpr (std::is_same_v<T, double>) {
            copy<parquet::DoubleReader>(target);
        } else if constexpr (std::is_same_v<T, std::uint8_t>) {
            copy<parquet::BoolReader>(target);
        } else if (column.type() == parquet::Type::INT64) {
            copy<parquet::Int64Reader>(target);
        } else {
            copy<parquet::Int32Reader>(target);
        }
    }

    void operator()(TextColumn& target) const {
        target.codes.reserve(static_cast<std::size_t>(rows));
        Interner interner(target.dictionary);
        read_values<parquet::ByteArrayReader>(
            column, rows, validity,
            [&](std::span<const parquet::ByteArray> values, std::span<const std::uint8_t> there) {
                for (std::size_t i = 0; i < values.size(); ++i) {
                    const std::string_view text(reinterpret_cast<const char*>(values[i].ptr), values[i].len);
                    const bool null = !there.empty() && there[i] == 0;
                    target.codes.push_back(null ? 0 : interner.code(text));
                }
            });
    }

    template <class Reader, class T>
    void copy(std::vector<T>& target) const {
        const auto take = [&]<class Stored>(std::span<Stored> values, std::span<const std::uint8_t>) {
            if constexpr (sizeof(T) < sizeof(Stored)) {
                for (const Stored value : values) check_fits<T>(value);
            }
            const std::size_t first = target.size();
            target.resize(first + values.size());
            std::ranges::transform(values, target.begin() + static_cast<std::ptrdiff_t>(first),
                                   [](Stored value) { return static_cast<T>(value); });
        };
        read_values<Reader>(column, rows, validity, take);
    }

    template <class T, class Stored>
    void check_fits(Stored value) const {
        if (std::in_range<T>(value)) return;
        throw Refusal{make_error(ErrorCode::conflict, "column {} holds {}, too large for its type",
                                 column.descr()->name(), value)};
    }
};

class ArrowParquetReader final : public ParquetReader {
  public:
    // Throws Refusal, ParquetException.
    ArrowParquetReader(const std::filesystem::path& path, const Contract& contract) : path_(path) {
        parquet::ReaderProperties properties;
        properties.set_page_checksum_verification(true);
        file_ = parquet::ParquetFileReader::OpenFile(path.string(), /*memory_map=*/false, properties);
        match_columns(contract);
        const auto metadata = file_->metadata();
        for (int i = 0; i < metadata->num_row_groups(); ++i) {
            const std::int64_t rows = metadata->RowGroup(i)->num_rows();
            if (rows < 0 || rows > kMaxRowGroupRows) {
                throw Refusal{make_error(ErrorCode::malformed, "row group {} claims {} rows", i, rows)};
            }
            row_group_rows_.push_back(rows);
        }
    }

    [[nodiscard]] const std::vector<std::int64_t>& row_group_rows() const override { return row_group_rows_; }

    Result<void> read_row_group(std::size_t index, const std::vector<bool>& wanted,
                                ColumnBatch& batch) override {
        return guarded(path_, [&] {
            const auto group = file_->RowGroup(static_cast<int>(index));
            for (std::size_t i = 0; i < stored_places_.size(); ++i) {
                Column& target = batch.column(i);
                empty(target);
                Validity& validity = batch.validity(i);
                validity.clear();
                if (!wanted[i]) continue;
                const auto column = group->Column(stored_places_[i]);
                std::visit(
                    ReadColumn{*column, row_group_rows_[index], batch.is_nullable(i) ? &validity : nullptr},
                    target);
            }
        });
    }

  private:
    static void empty(Column& column) {
        if (auto* text = std::get_if<TextColumn>(&column)) {
            *text = {};
        } else {
            std::visit(
                []<class T>(T& values) {
                    if constexpr (!std::is_same_v<T, TextColumn>) values.clear();
                },
                column);
        }
    }

    void match_columns(const Contract& contract) {
        const parquet::SchemaDescriptor& schema = *file_->metadata()->schema();
        if (static_cast<std::size_t>(schema.num_columns()) != contract.fields.size()) {
            throw Refusal{make_error(ErrorCode::conflict, "has {} columns, contract {} has {}",
                                     schema.num_columns(), contract.name, contract.fields.size())};
        }
        for (const ContractField& field : contract.fields) {
            const int place = schema.ColumnIndex(field.name);
            if (place < 0) {
                throw Refusal{make_error(ErrorCode::conflict, "has no column {} of contract {}", field.name,
                                         contract.name)};
            }
            if (!can_hold(field.type, *schema.Column(place))) {
                throw Refusal{make_error(ErrorCode::conflict, "column {} is not of the type of contract {}",
                                         field.name, contract.name)};
            }
            stored_places_.push_back(place);
        }
    }

    std::filesystem::path path_;
    std::unique_ptr<parquet::ParquetFileReader> file_;
    std::vector<int> stored_places_;  // of each field of the contract
    std::vector<std::int64_t> row_group_rows_;
};

}  // namespace

Result<std::unique_ptr<ParquetReader>> ParquetReader::open(const std::filesystem::path& path,
                                                           const Contract& contract) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error))
        return make_error(ErrorCode::missing, "no file {}", path.string());
    std::unique_ptr<ParquetReader> reader;
    SPY_TRY(guarded(path, [&] { reader = std::make_unique<ArrowParquetReader>(path, contract); }));
    return reader;
}

}  // namespace spymaster::lake
