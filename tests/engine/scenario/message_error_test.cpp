// SPDX-License-Identifier: GPL-3.0-or-later
// Every mistake that concerns a broker, a chain or a handler, with the exact place and sentence.
#include "engine/scenario/scenario.h"
#include "tests/engine/scenario/mistake.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace interleave::scenario {
namespace {

/// Three lines, and a fourth for a key.
const std::string kTask = "[[task]]\nname = \"t\"\nsteps = []\n";
const std::string kQueue = "[[message_queue]]\nname = \"q\"\n"; // two lines
const std::string kTopic = "[[exchange]]\nname = \"e\"\nkind = \"topic\"\n";
const std::string kFanout = "[[exchange]]\nname = \"e\"\nkind = \"fanout\"\n";
const std::string kHeaders = "[[exchange]]\nname = \"e\"\nkind = \"headers\"\n";

std::string withKey(const std::string& key) {
    return kTask + key + "\n";
}

/// A queue `q` on lines 1 and 2, a task with a step on line 5, column 11.
std::string withStep(const std::string& step) {
    return kQueue + "[[task]]\nname = \"t\"\nsteps = [ " + step + " ]\n";
}

/// A publisher to queue `q` on lines 3 to 5, and a handler on lines 6 to 9 with a key on line 10.
std::string withHandlerKey(const std::string& key) {
    return kQueue +
           "[[task]]\nname = \"p\"\nsteps = [ { publish = \"\", key = \"q\" } ]\n"
           "[[task]]\nname = \"h\"\nsteps = []\non = \"q\"\n" +
           key + "\n";
}

INSTANTIATE_TEST_SUITE_P(
    Exchange, ScenarioMistake,
    testing::Values(
        RefusedText{
            "[[exchange]]\nname = \"e\"\nkind = \"fan-out\"\n" + kTask,
            "3:8: kind of [[exchange]] is \"fan-out\", did you mean \"fanout\"? allowed are "
            "direct, fanout, topic and headers"},
        RefusedText{"[[exchange]]\nname = \"e\"\nkind = 5\n" + kTask,
                    "3:8: kind of [[exchange]] is 5, a text in quotes is wanted"},
        RefusedText{
            "[[exchange]]\nname = \"amq.topic\"\n" + kTask,
            "2:8: \"amq.topic\" is no name for an exchange, brokers keep names that begin with "
            "\"amq.\" for themselves"},
        RefusedText{"[[exchange]]\nname = \"e\"\nalternate = \"f\"\n" + kTask,
                    "3:13: no exchange is named \"f\", did you mean \"e\"? declared is \"e\""},
        RefusedText{
            "[[exchange]]\nname = \"e\"\n[[exchange]]\nname = \"e\"\n" + kTask,
            "4:8: line 2 declares an exchange named \"e\" already, every exchange needs a name "
            "of its own"},
        RefusedText{"[[exchange]]\nname = \"e\"\ntype = \"topic\"\n" + kTask,
                    "3:1: [[exchange]] has no key \"type\", allowed are name, kind, durable and "
                    "alternate"}));

INSTANTIATE_TEST_SUITE_P(
    MessageQueue, ScenarioMistake,
    testing::Values(
        RefusedText{kQueue + "bind = [ 5 ]\n" + kTask,
                    "3:10: a binding is a whole number, bindings are written [ { exchange = "
                    "\"events\", key = \"order.*\" } ]"},
        RefusedText{kQueue + "bind = [ { key = \"a\" } ]\n" + kTask,
                    "3:10: this binding names no exchange, bindings are written [ { exchange = "
                    "\"events\", key = \"order.*\" } ]"},
        RefusedText{kQueue + "bind = [ { exchange = \"e\" } ]\n" + kTask,
                    "3:23: no exchange is named \"e\", declare it: [[exchange]] name = \"e\""},
        RefusedText{kTopic + kQueue + "bind = [ { exchange = \"e\" } ]\n" + kTask,
                    "6:10: a binding to a topic exchange needs a key, add key = \"order.*\""},
        RefusedText{kTopic + kQueue +
                        "bind = [ { exchange = \"e\", key = \"a\", headers = {} } ]\n" + kTask,
                    "6:49: a topic exchange does not look at headers, leave them out"},
        RefusedText{kTopic + kQueue +
                        "bind = [ { exchange = \"e\", key = \"a\", match = \"any\" } ]\n" + kTask,
                    "6:47: match without headers does nothing, add headers = { type = \"a\" }"},
        RefusedText{kFanout + kQueue + "bind = [ { exchange = \"e\", key = \"a\" } ]\n" + kTask,
                    "6:34: a fanout exchange does not look at keys, leave key out"},
        RefusedText{kHeaders + kQueue + "bind = [ { exchange = \"e\" } ]\n" + kTask,
                    "6:10: a binding to a headers exchange needs headers, add headers = { type = "
                    "\"a\" }"},
        RefusedText{kHeaders + kQueue + "bind = [ { exchange = \"e\", headers = 5 } ]\n" + kTask,
                    "6:38: headers of a binding is a whole number, headers are written { type = "
                    "\"a\", size = 3 }"},
        RefusedText{
            kHeaders + kQueue + "bind = [ { exchange = \"e\", headers = { a = 1.5 } } ]\n" + kTask,
            "6:44: header \"a\" is a number, a text, a whole number, true or false is wanted"},
        RefusedText{
            kQueue + "ttl = \"1.5 ms\"\n" + kTask,
            "3:7: ttl of [[message_queue]] is not a whole number of milliseconds from 1 on, as "
            "brokers count it"},
        RefusedText{
            kQueue + "ttl = \"0 ms\"\n" + kTask,
            "3:7: ttl of [[message_queue]] is not a whole number of milliseconds from 1 on, as "
            "brokers count it"},
        RefusedText{
            kQueue + "max_length = 0\n" + kTask,
            "3:14: max_length of [[message_queue]] is 0, a whole number from 1 to 1000000 is "
            "wanted"},
        RefusedText{kQueue + "overflow = \"reject-publish\"\n" + kTask,
                    "3:12: overflow without max_length does nothing, add max_length = 100"},
        RefusedText{kQueue + "max_length = 3\noverflow = \"drop\"\n" + kTask,
                    "4:12: overflow of [[message_queue]] is \"drop\", allowed are drop-head and "
                    "reject-publish"},
        RefusedText{kQueue + "dead_letter = \"\"\n" + kTask,
                    "3:15: dead_letter = \"\" is the default exchange, which knows queues by their "
                    "names: add dead_letter_key = \"name of a queue\""},
        RefusedText{kQueue + "dead_letter = \"d\"\n" + kTask,
                    "3:15: no exchange is named \"d\", declare it: [[exchange]] name = \"d\""},
        RefusedText{
            kQueue + "dead_letter_key = \"" + std::string(256, 'k') + "\"\n" + kTask,
            "3:19: dead_letter_key of [[message_queue]] does not fit on one line, at most 255 "
            "bytes are allowed"},
        RefusedText{
            kQueue + "max_priority = 256\n" + kTask,
            "3:16: max_priority of [[message_queue]] is 256, a whole number from 1 to 255 is "
            "wanted"}));

INSTANTIATE_TEST_SUITE_P(
    WorkerAndFault, ScenarioMistake,
    testing::Values(
        RefusedText{"[[worker]]\n" + kTask, "1:1: this [[worker]] has no name, add name = \"...\""},
        RefusedText{
            "[[worker]]\nname = \"w\"\nqueues = []\n" + kTask,
            "3:10: queues of [[worker]] is empty, such a worker does nothing: name some, or "
            "leave queues out for all"},
        RefusedText{"[[worker]]\nname = \"w\"\nqueues = [ \"q\" ]\n" + kTask,
                    "3:12: no message_queue is named \"q\", declare it: [[message_queue]] name = "
                    "\"q\""},
        RefusedText{"[[worker]]\nname = \"w\"\nslots = 0\n" + kTask,
                    "3:9: slots of [[worker]] is 0, a whole number from 1 to 1024 is wanted"},
        RefusedText{kQueue + "[[worker]]\nname = \"w\"\nqueues = [ \"q\" ]\n" + kTask +
                        "queue = \"slow\"\n",
                    "9:9: no [[worker]] takes from \"slow\", add it to the queues of one"},
        RefusedText{
            kQueue + "[[worker]]\nname = \"w\"\nqueues = [ \"q\" ]\n" + kTask,
            "6:1: \"t\" goes to no named queue, from which no [[worker]] takes: add queue = "
            "\"...\", or leave the queues of a worker out"},
        RefusedText{"[[fault]]\nat = \"1 s\"\n" + kTask,
                    "1:1: this [[fault]] does not say what happens, add do = \"kill-worker\""},
        RefusedText{"[[fault]]\ndo = \"kill\"\nat = \"1 s\"\n" + kTask,
                    "2:6: do of [[fault]] is \"kill\", allowed are kill-worker, stop-broker, "
                    "slow-consumer and cut-connection"},
        RefusedText{"[[fault]]\ndo = \"kill-worker\"\n" + kTask,
                    "1:1: this [[fault]] does not say when, add at = \"300 ms\""},
        RefusedText{"[[fault]]\ndo = \"kill-worker\"\nat = \"1 s\"\nlength = \"1 s\"\n" + kTask,
                    "4:10: kill-worker has no length, leave it out"},
        RefusedText{"[[fault]]\ndo = \"slow-consumer\"\nat = \"1 s\"\n" + kTask,
                    "1:1: slow-consumer needs a length above 0, add length = \"500 ms\""},
        RefusedText{
            "[[fault]]\ndo = \"stop-broker\"\nat = \"1 s\"\nlength = \"1 s\"\ntarget = 1\n" + kTask,
            "5:10: stop-broker has no target, leave it out"}));

INSTANTIATE_TEST_SUITE_P(
    Delivery, ScenarioMistake,
    testing::Values(
        RefusedText{
            withKey("queue = \"amq.q\""),
            "4:9: \"amq.q\" is no name for a message_queue, brokers keep names that begin with "
            "\"amq.\" for themselves"},
        RefusedText{withKey("queue = 5"),
                    "4:9: queue of [[task]] is 5, a text in quotes is wanted"},
        RefusedText{withKey("priority = 256"),
                    "4:12: priority of [[task]] is 256, a whole number from 0 to 255 is wanted"},
        RefusedText{kQueue + withKey("queue = \"q\"\npriority = 3"),
                    "7:12: \"q\" keeps no priorities, add max_priority = 3 to it"},
        RefusedText{kQueue + "max_priority = 2\n" + withKey("queue = \"q\"\npriority = 3"),
                    "8:12: \"q\" keeps priorities up to 2, 3 is above"},
        RefusedText{withKey("rate_limit = \"10\""),
                    "4:14: \"10\" is not a rate, a rate is written \"10/s\", \"200/m\" or \"5/h\""},
        RefusedText{withKey("rate_limit = \"-1/s\""),
                    "4:14: \"-1/s\" is out of range, one in a day to 1000000 a second are allowed"},
        RefusedText{withKey("rate_limit = \"/s\""),
                    "4:14: \"/s\" is not a rate, a rate is written \"10/s\", \"200/m\" or \"5/h\""},
        RefusedText{
            withKey("soft_time_limit = \"2 s\"\ntime_limit = \"1 s\""),
            "4:19: soft_time_limit is not below time_limit, the process would be killed before "
            "it could clean up"},
        RefusedText{withKey("time_limit = \"0 s\""),
                    "4:14: time_limit of [[task]] is 0, leave it out for none"},
        RefusedText{
            withKey("expires = \"1 s\"\ncountdown = \"1 s\""),
            "5:13: countdown is not below expires, the task would expire before it may begin"},
        RefusedText{withKey("acks = \"later\""),
                    "4:8: acks of [[task]] is \"later\", \"early\" or \"late\" is wanted"},
        RefusedText{withKey("chunk = 0"),
                    "4:9: chunk of [[task]] is 0, a whole number from 1 to 1000000 is wanted"},
        RefusedText{withKey("retries = 1\nretry_backoff = true"),
                    "5:17: retry_backoff without retry_delay does nothing, add retry_delay = \"10 "
                    "ms\", which it doubles"},
        RefusedText{
            withKey("retries = 1\nretry_delay = \"1 ms\"\nretry_backoff_max = \"1 s\""),
            "6:21: retry_backoff_max without retry_backoff does nothing, add retry_backoff = "
            "true"},
        RefusedText{withKey("retries = 1\nretry_jitter = true"),
                    "5:16: retry_jitter without retry_delay does nothing, add retry_delay = \"10 "
                    "ms\""}));

INSTANTIATE_TEST_SUITE_P(
    Chain, ScenarioMistake,
    testing::Values(
        RefusedText{withKey("then = \"u\""),
                    "4:8: no task is named \"u\", did you mean \"t\"? declared is \"t\""},
        RefusedText{withKey("then = \"t\""), "4:8: tasks follow each other without end (\"t\" then "
                                             "\"t\"), a chain has to end"},
        RefusedText{
            withKey("then = \"b\"\n[[task]]\nname = \"b\"\nsteps = []\nthen = \"t\""),
            "8:8: tasks follow each other without end (\"t\" then \"b\" then \"t\"), a chain "
            "has to end"},
        RefusedText{withKey("then = \"b\"\n[[task]]\nname = \"b\"\nsteps = []\nafter = \"t\""),
                    "8:9: \"b\" begins when its \"t\" has ended, leave after out"},
        RefusedText{withKey("then = \"b\"\n[[task]]\nname = \"b\"\nsteps = []\nevery = \"1 s\""),
                    "8:9: \"b\" begins when its \"t\" has ended, leave every out"},
        RefusedText{
            withKey("count = 3\nthen = \"b\"\n[[task]]\nname = \"b\"\nsteps = []\ncount = 2"),
            "9:9: \"b\" follows \"t\", of which there are 3: leave count out"},
        RefusedText{withKey("then = \"b\"\n[[task]]\nname = \"b\"\nsteps = []\n"
                            "[[task]]\nname = \"c\"\nsteps = []\nthen = \"b\""),
                    "11:8: \"b\" follows \"t\" already, a task follows one other"},
        RefusedText{withKey("then = \"b\"\n[[task]]\nname = \"b\"\nsteps = []\n"
                            "[[task]]\nname = \"c\"\nsteps = [ { spawn = \"b\" } ]"),
                    "4:8: \"b\" is spawned, it can't follow in a chain too"},
        RefusedText{withKey("then = \"b\"\n[[task]]\nname = \"b\"\nsteps = []\n"
                            "[[task]]\nname = \"c\"\nsteps = [ { spawn = \"t\" } ]"),
                    "4:8: \"t\" is spawned, let who spawns it await it instead of then"},
        RefusedText{withHandlerKey("then = \"b\"\n[[task]]\nname = \"b\"\nsteps = []"),
                    "10:8: \"h\" handles messages, let it publish one instead of then"},
        RefusedText{withHandlerKey("[[task]]\nname = \"b\"\nsteps = []\nthen = \"h\""),
                    "9:6: \"h\" begins when its \"b\" has ended, leave on or the other's then out"},
        RefusedText{withKey("then = \"b\"\nafter = \"b\"\n[[task]]\nname = \"b\"\nsteps = []"),
                    "5:9: \"t\" would never begin, it waits for itself (\"t\" needs \"b\" needs "
                    "\"t\"), name a task that does not depend on it"}));

INSTANTIATE_TEST_SUITE_P(
    Publish, ScenarioMistake,
    testing::Values(
        RefusedText{withStep("{ publish = 5 }"),
                    "5:23: the name of an exchange is a whole number, a text in quotes is wanted"},
        RefusedText{withStep("{ publish = \"\" }"),
                    "5:11: the default exchange knows queues by their names, add key = \"name of a "
                    "queue\""},
        RefusedText{
            withStep("{ publish = \"\", key = \"qq\" }"),
            "5:11: no message_queue is named \"qq\", to which the default exchange would send "
            "this: did you mean \"q\"? declare it, or add mandatory = true to see it come "
            "back"},
        RefusedText{kTopic + withStep("{ publish = \"e\" }"),
                    "8:11: a message to a topic exchange needs a key, add key = \"order.new\""},
        RefusedText{withStep("{ publish = \"\", key = \"q\", keys = [ \"q\" ] }"),
                    "5:45: a publish step has a key or keys, leave one of the two out"},
        RefusedText{withStep("{ publish = \"\", keys = [] }"),
                    "5:34: keys of a publish step is empty, keys are written [ \"a.b\", \"a.c\" ]"},
        RefusedText{withStep("{ publish = \"\", keys = [ 5 ] }"),
                    "5:36: a key of a publish step is a whole number, a text in quotes is wanted"},
        RefusedText{
            withStep("{ publish = \"\", key = \"q\", count = 0 }"),
            "5:46: count of a publish step is 0, a whole number from 1 to 1000000 is wanted"},
        RefusedText{
            withStep("{ publish = \"\", key = \"q\", expires = \"10 us\" }"),
            "5:48: expires of a publish step is not a whole number of milliseconds from 1 on, "
            "as brokers count it"},
        RefusedText{withStep("{ publish = \"\", key = \"q\", priority = 4 }"),
                    "5:11: \"q\" keeps no priorities, add max_priority = 4 to it"},
        RefusedText{
            withStep("{ publish = \"\", key = \"q\", reply = true }"),
            "5:11: nobody handles this message, so no reply would come: add a [[task]] with on "
            "= \"name of its queue\""},
        RefusedText{
            withStep("{ publish = \"\", key = \"q\" }") +
                "[[task]]\nname = \"u\"\nsteps = []\nqueue = \"q\"\n",
            "5:11: this message can come to \"q\", which is for tasks: their workers would not "
            "understand it, publish to another queue"}));

INSTANTIATE_TEST_SUITE_P(
    Handler, ScenarioMistake,
    testing::Values(
        RefusedText{withKey("on = \"q\""),
                    "4:6: no message_queue is named \"q\", declare it: [[message_queue]] name = "
                    "\"q\""},
        RefusedText{
            kQueue + withKey("on = \"q\""),
            "6:6: no message ever comes to \"q\", add a publish step whose message is routed "
            "there"},
        RefusedText{withKey("consumers = 2"), "4:13: consumers without on does nothing, add on = "
                                              "\"name of a message_queue\""},
        RefusedText{withHandlerKey("count = 2"),
                    "10:9: \"h\" begins whenever a message comes, leave count out"},
        RefusedText{withHandlerKey("every = \"1 s\""),
                    "10:9: \"h\" begins whenever a message comes, leave every out"},
        RefusedText{withHandlerKey("after = \"p\""),
                    "10:9: \"h\" begins whenever a message comes, leave after out"},
        RefusedText{withHandlerKey("priority = 1"),
                    "10:12: \"h\" begins whenever a message comes, leave priority out"},
        RefusedText{withHandlerKey("consumers = 0"),
                    "10:13: consumers of [[task]] is 0, a whole number from 1 to 1024 is wanted"},
        RefusedText{withHandlerKey("[[task]]\nname = \"s\"\nsteps = [ { spawn = \"h\" } ]"),
                    "9:6: \"h\" is spawned, it can't handle messages too"},
        RefusedText{
            withHandlerKey("[[task]]\nname = \"l\"\nsteps = []\nafter = \"h\""),
            "13:9: \"h\" handles messages, and nobody knows which is the last: name another "
            "task"},
        RefusedText{
            withHandlerKey("[[task]]\nname = \"i\"\nsteps = []\non = \"q\""),
            "13:6: \"h\" handles the messages of \"q\" already, give each task a queue of its "
            "own, or this queue more consumers"},
        RefusedText{withKey("queue = \"q\"\n[[task]]\nname = \"h\"\nsteps = []\non = \"q\""),
                    "8:6: \"q\" is for tasks, which workers take: name another queue"},
        // Round and round: by itself, by another, by a task that is spawned, by a dead letter.
        RefusedText{
            kQueue + "[[task]]\nname = \"h\"\non = \"q\"\n"
                     "steps = [ { publish = \"\", key = \"q\" } ]\n",
            "6:11: messages would go round without end (\"h\" leads to \"h\"), what a message "
            "leads to may not publish to it again"},
        RefusedText{
            kQueue + "[[message_queue]]\nname = \"r\"\n"
                     "[[task]]\nname = \"h\"\non = \"q\"\n"
                     "steps = [ { publish = \"\", key = \"r\" } ]\n"
                     "[[task]]\nname = \"i\"\non = \"r\"\n"
                     "steps = [ { publish = \"\", key = \"q\" } ]\n",
            "12:11: messages would go round without end (\"h\" leads to \"i\" leads to \"h\"), "
            "what a message leads to may not publish to it again"},
        RefusedText{
            kQueue + "[[task]]\nname = \"h\"\non = \"q\"\nsteps = [ { spawn = \"s\" } ]\n"
                     "[[task]]\nname = \"s\"\nsteps = [ { publish = \"\", key = \"q\" } ]\n",
            "9:11: messages would go round without end (\"h\" leads to \"s\" leads to \"h\"), "
            "what a message leads to may not publish to it again"},
        RefusedText{
            kQueue + "ttl = \"1 s\"\ndead_letter_key = \"r\"\n"
                     "[[message_queue]]\nname = \"r\"\n"
                     "[[task]]\nname = \"h\"\non = \"r\"\n"
                     "steps = [ { publish = \"\", key = \"q\" } ]\n",
            "10:11: messages would go round without end (\"h\" leads to \"h\"), what a message "
            "leads to may not publish to it again"}));

TEST(MessageLimits, TooManyWaysAreRefusedQuickly) {
    std::string text = kTopic;
    for (int queue = 0; queue < 1000; ++queue) {
        text += fmt::format("[[message_queue]]\nname = \"{}\"\nbind = [", queue);
        for (int i = 0; i < 3; ++i) {
            text += fmt::format("{{exchange=\"e\",key=\"{}.*\"}},", i);
        }
        text += "]\n";
    }
    text += "[[task]]\nname = \"t\"\nsteps = [{ publish = \"e\", keys = [";
    for (int i = 0; i < 1000; ++i) {
        text += fmt::format("\"{}.a\",", i);
    }
    const auto scenario = parseScenario(text + "] }]\n", "f.toml");
    ASSERT_FALSE(scenario);
    EXPECT_THAT(scenario.error().message,
                testing::EndsWith(": with this step messages have too many ways to go, use fewer "
                                  "bindings or keys"));
}

} // namespace
} // namespace interleave::scenario
