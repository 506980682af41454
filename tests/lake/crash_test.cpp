// A partition is whole or absent, old or new, wherever its writer is killed.
#include <sys/wait.h>

#include <array>
#include <atomic>
#include <set>
#include <thread>

#include "lake/staging.hpp"
#include "lake_fixture.hpp"

namespace spymaster::lake::testing {
namespace {

int steps_to_go = 0;

void die_at_step(std::string_view /*step*/) {
    if (steps_to_go-- == 0) ::_exit(42);
}

class CrashTest : public LakeTest {
  protected:
    // Runs `work` in a child that dies at the step. True if it died there, false if it came to its end first.
    template <class Work>
    static bool killed_at(int step, bool can_exchange, const Work& work) {
        const pid_t child = ::fork();
        if (child == 0) {
            steps_to_go = step;
            staging_seam() = {.at_step = &die_at_step, .can_exchange = can_exchange};
            ::_exit(work() ? 0 : 1);
        }
        int status = 0;
        EXPECT_EQ(::waitpid(child, &status, 0), child);
        EXPECT_TRUE(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 42)) << status;
        return WIFEXITED(status) && WEXITSTATUS(status) == 42;
    }

    // Names in the table's folder, hidden ones too.
    [[nodiscard]] std::set<std::string> names_beside(const Lake& lake, const PartitionKey& key) const {
        std::set<std::string> names;
        for (const auto& entry : fs::directory_iterator(folder(lake, key).parent_path())) {
            names.insert(entry.path().filename().string());
        }
        return names;
    }
};

// The old partition, the new one and nothing else, at whatever step the writer dies; and the next writer cleans up.
TEST_F(CrashTest, whole_or_absent_old_or_new) {
#ifdef SPYMASTER_THREAD_SANITIZED
    GTEST_SKIP() << "the thread sanitizer cannot follow a fork: Arrow has threads";
#endif
    const Lake lake = open();
    const ColumnBatch old_rows = random_rows(contract(lake, kFlows), 50, 1);
    const ColumnBatch new_rows = random_rows(contract(lake, kFlows), 60, 2);
    for (const bool can_exchange : {true, false}) {
        for (const bool exists : {true, false}) {
            std::set<std::string> outcomes;
            bool died = true;
            for (int step = 0; died; ++step) {
                ASSERT_LT(step, 20);
                ASSERT_TRUE(lake.remove(kFlows).ok());
                if (exists) {
                    ASSERT_TRUE(write(lake, kFlows, old_rows).ok());
                }
                died = killed_at(step, can_exchange, [&] { return write(lake, kFlows, new_rows).ok(); });
                const auto listed = *lake.partitions(kFlows.dataset);
                if (!lake.is_complete(kFlows)) {
                    EXPECT_FALSE(exists) << "the old partition is lost at step " << step;
                    EXPECT_TRUE(listed.empty());
                    outcomes.insert("absent");
                } else {
                    EXPECT_THAT(listed, ::testing::ElementsAre(kFlows));
                    const auto verified = lake.verify(kFlows);
                    ASSERT_TRUE(verified.ok()) << verified.error().message;
                    const auto rows = read_all(lake, kFlows);
                    EXPECT_TRUE(rows == spelled(new_rows) || (exists && rows == spelled(old_rows)))
                        << "step " << step;
                    outcomes.insert(rows == spelled(new_rows) ? "new" : "old");
                }
                ASSERT_TRUE(write(lake, kFlows, new_rows).ok());
                EXPECT_THAT(names_beside(lake, kFlows), ::testing::ElementsAre("dt=2023-12-25"))
                    << "step " << step;
                EXPECT_TRUE(read_all(lake, kFlows) == spelled(new_rows));
            }
            EXPECT_THAT(outcomes, ::testing::UnorderedElementsAre(exists ? "old" : "absent", "new"))
                << "the steps reach both sides of the swap";
        }
    }
}

TEST_F(CrashTest, what_was_set_aside_is_put_back_or_forgotten) {
    const Lake lake = open();
    const ColumnBatch rows = random_rows(contract(lake, kFlows), 50);
    ASSERT_TRUE(write(lake, kFlows, rows).ok());
    const fs::path target = folder(lake, kFlows);
    const fs::path aside = target.parent_path() / ".old_dt=2023-12-25";
    fs::rename(target, aside);
    EXPECT_THAT(*lake.partitions(kFlows.dataset), ::testing::ElementsAre(kFlows));
    EXPECT_TRUE(read_all(lake, kFlows) == spelled(rows));
    EXPECT_FALSE(fs::exists(aside));
    fs::copy(target, aside, fs::copy_options::recursive);
    ASSERT_TRUE(lake.remove(kFlows).ok());
    EXPECT_FALSE(lake.is_complete(kFlows)) << "what was removed does not come back";
}

TEST_F(CrashTest, a_living_writer_is_not_cleaned_away) {
    const Lake lake = open();
    const ColumnBatch first = random_rows(contract(lake, kFlows), 50, 1);
    const ColumnBatch second = random_rows(contract(lake, kFlows), 50, 2);
    auto slow = lake.write(kFlows);
    ASSERT_TRUE(slow.ok());
    ColumnBatch rows = first;
    ASSERT_TRUE((*slow)->append(rows).ok());
    ASSERT_TRUE(write(lake, kFlows, second).ok());  // would delete the leftovers of dead writers
    EXPECT_TRUE(read_all(lake, kFlows) == spelled(second));
    ASSERT_TRUE((*slow)->commit({.stage = "test", .inputs = {}, .properties = {}}).ok());
    EXPECT_TRUE(read_all(lake, kFlows) == spelled(first)) << "the last to commit stays";
    EXPECT_THAT(names_beside(lake, kFlows), ::testing::ElementsAre("dt=2023-12-25"));
}

TEST_F(CrashTest, a_reader_sees_the_old_rows_or_the_new_while_they_are_replaced) {
    const Lake lake = open();
    const std::array rows{random_rows(contract(lake, kFlows), 50, 1),
                          random_rows(contract(lake, kFlows), 90, 2)};
    const std::array expected{spelled(rows[0]), spelled(rows[1])};
    ASSERT_TRUE(write(lake, kFlows, rows[0]).ok());
    std::atomic<bool> done = false;
    std::jthread writer([&] {
        for (std::size_t i = 1; i <= 25; ++i) EXPECT_TRUE(write(lake, kFlows, rows[i % 2]).ok());
        done = true;
    });
    while (!done) {
        const auto seen = read_all(lake, kFlows);
        ASSERT_TRUE(seen == expected[0] || seen == expected[1]);
    }
}

TEST_F(CrashTest, without_commit_nothing_remains) {
    const Lake lake = open();
    {
        auto writer = lake.write(kFlows);
        ASSERT_TRUE(writer.ok());
        ColumnBatch rows = random_rows(contract(lake, kFlows), kRowGroupRows * 4);
        ASSERT_TRUE((*writer)->append(rows).ok());
    }
    EXPECT_TRUE(names_beside(lake, kFlows).empty());
    EXPECT_FALSE(lake.is_complete(kFlows));
}

TEST_F(CrashTest, a_folder_that_cannot_be_written_is_an_error) {
    const Lake lake = open();
    write_text(root_ / "silver", "a file in the way");
    const auto writer = lake.write(kFlows);
    ASSERT_FALSE(writer.ok());
    EXPECT_EQ(writer.error().code, ErrorCode::io);
    EXPECT_THAT(writer.error().message, ::testing::HasSubstr("silver"));
}

}  // namespace
}  // namespace spymaster::lake::testing
