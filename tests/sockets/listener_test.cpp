#include "sockets/listener.hpp"

#include <gtest/gtest.h>

#include <boost/asio/connect.hpp>

namespace spymaster::sockets {
namespace {

using Tcp = Listener::Tcp;

Tcp::socket connected_to(boost::asio::io_context& io, const Listener& listener) {
    Tcp::socket socket(io);
    socket.connect({boost::asio::ip::address_v4::loopback(), listener.port()});
    return socket;
}

TEST(Listener, SaysWhereItIs) {
    boost::asio::io_context io;
    Listener local(io), open(io);
    ASSERT_TRUE(local.listen("localhost", 0).ok());
    EXPECT_TRUE(local.loopback());
    EXPECT_EQ(local.url(), fmt::format("http://127.0.0.1:{}", local.port()));
    ASSERT_TRUE(open.listen("0.0.0.0", 0).ok());
    EXPECT_FALSE(open.loopback());
    EXPECT_EQ(open.url(), fmt::format("http://localhost:{}", open.port()));
}

TEST(Listener, SaysWhyItCannotListen) {
    boost::asio::io_context io;
    Listener first(io), second(io), third(io);
    const auto no_address = first.listen("the.server", 0);
    ASSERT_FALSE(no_address.ok());
    EXPECT_EQ(no_address.error().code, ErrorCode::usage);
    EXPECT_NE(no_address.error().message.find("'the.server' is not an IP address"), std::string::npos);
    ASSERT_TRUE(second.listen("127.0.0.1", 0).ok());
    const auto taken = third.listen("127.0.0.1", second.port());
    ASSERT_FALSE(taken.ok());
    EXPECT_EQ(taken.error().code, ErrorCode::io);
    EXPECT_NE(taken.error().message.find(fmt::format("127.0.0.1:{}", second.port())), std::string::npos);
}

TEST(Listener, HandsOverWhoConnectsUntilItIsClosed) {
    boost::asio::io_context io;
    Listener listener(io);
    ASSERT_TRUE(listener.listen("127.0.0.1", 0).ok());
    int came = 0;
    listener.accept([&](Tcp::socket socket) {
        Tcp::no_delay no_delay;
        socket.get_option(no_delay);
        EXPECT_TRUE(no_delay.value());
        if (++came == 2) listener.close();
    });
    const auto first = connected_to(io, listener);
    const auto second = connected_to(io, listener);
    io.run();  // ends only when nothing is waited for any more
    EXPECT_EQ(came, 2);
    EXPECT_THROW(connected_to(io, listener), boost::system::system_error);
}

}  // namespace
}  // namespace spymaster::sockets
