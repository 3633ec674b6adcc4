// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/loopback.h"
#include "engine/scenario/loopback_process.h"

#include <gtest/gtest.h>

namespace interleave::scenario {
namespace {

TEST(LoopbackRequest, IsReadBackFromItsText) {
    const auto request = parseRequest(requestText(80'000'000, 65'536));
    ASSERT_TRUE(request);
    EXPECT_EQ(request->delayNs, 80'000'000);
    EXPECT_EQ(request->bytes, 65'536u);
    EXPECT_TRUE(request->keepsAlive);
}

TEST(LoopbackRequest, HasDefaultsAndMayCloseTheConnection) {
    const auto bare = parseRequest("GET / HTTP/1.1\r\n\r\n");
    ASSERT_TRUE(bare);
    EXPECT_EQ(bare->delayNs, 0);
    EXPECT_EQ(bare->bytes, 0u);
    EXPECT_FALSE(parseRequest("GET / HTTP/1.0\r\n\r\n")->keepsAlive);
    EXPECT_FALSE(
        parseRequest("GET / HTTP/1.1\r\nHost: x\r\ncOnnection:  Close \r\n\r\n")->keepsAlive);
    EXPECT_TRUE(parseRequest("GET / HTTP/1.1\r\nX-Connection: close\r\n\r\n")->keepsAlive);
}

TEST(LoopbackRequest, RefusesWhatItDoesNotUnderstand) {
    for (const char* head :
         {"", "\r\n\r\n", "GET\r\n\r\n", "GET /\r\n\r\n", "POST / HTTP/1.1\r\n\r\n",
          "GET / HTTP/2\r\n\r\n", "GET /file HTTP/1.1\r\n\r\n", "GET /?delay_ns HTTP/1.1\r\n\r\n",
          "GET /?delay_ns= HTTP/1.1\r\n\r\n", "GET /?delay_ns=-1 HTTP/1.1\r\n\r\n",
          "GET /?delay_ns=1x HTTP/1.1\r\n\r\n",
          "GET /?delay_ns=99999999999999999999 HTTP/1.1\r\n\r\n",
          "GET /?delay_ns=86400000000001 HTTP/1.1\r\n\r\n",
          "GET /?bytes=1073741825 HTTP/1.1\r\n\r\n", "GET /?colour=1 HTTP/1.1\r\n\r\n",
          "GET /?bytes=1&&bytes=2 HTTP/1.1\r\n\r\n"}) {
        EXPECT_FALSE(parseRequest(head)) << head;
    }
}

TEST(LoopbackAnswer, HeadIsReadWhateverTheCaseOfItsFields) {
    const auto head =
        parseAnswerHead("HTTP/1.1 200 OK\r\ncontent-length: 12\r\nX-SENT-NS:  34\r\n\r\n");
    ASSERT_TRUE(head) << head.error().message;
    EXPECT_EQ(head->contentLength, 12u);
    EXPECT_EQ(head->sentNs, 34);
}

TEST(LoopbackAnswer, SaysWhatIsMissing) {
    EXPECT_FALSE(parseAnswerHead("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"));
    EXPECT_FALSE(parseAnswerHead("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"));
    EXPECT_FALSE(parseAnswerHead("HTTP/1.1 200 OK\r\nX-Sent-Ns: 1\r\n\r\n"));
    EXPECT_FALSE(parseAnswerHead("HTTP/1.1 200 OK\r\nContent-Length: x\r\nX-Sent-Ns: 1\r\n\r\n"));
    EXPECT_FALSE(parseAnswerHead(""));
}

} // namespace
} // namespace interleave::scenario
