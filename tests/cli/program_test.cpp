// The commands from words to exit code, with a fake node behind a real socket.
#include "cli/program.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include "api/json_text.hpp"
#include "api/views_json.hpp"
#include "base/text.hpp"
#include "storage/home.hpp"
#include "storage/identity_file.hpp"
#include "support/example_views.hpp"
#include "support/memory_stream.hpp"
#include "transport/certificate.hpp"

namespace essaim::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using test::FakeFacade;

class Commands : public test::Program {
 protected:
  static std::string line(const json::value& document) { return api::json_text(document) + "\n"; }
  // A share that is hashed a moment after it was asked for.
  static void share_and_hash(FakeFacade& facade) {
    facade.share_views = {test::example_share()};
    node::ShareView indexing = test::example_share();
    indexing.link.reset();
    indexing.state = node::ShareState::kIndexing;
    facade.share_answer = indexing;
    facade.on_question = [&facade](const std::string& question) {
      if (question.starts_with("share ")) facade.events().publish(node::ShareChanged{test::example_share()});
    };
  }
  static node::TransferView transfer(node::TransferState state) {
    node::TransferView view = test::example_transfer();
    view.failure.reset();
    view.state = state;
    return view;
  }
};

TEST_F(Commands, AskTheNodeThatRuns) {
  start_node([](FakeFacade& facade) { facade.peer_views = {test::example_peer()}; });
  EXPECT_EQ(run({"peers", "--json"}), ExitCode::kDone);
  EXPECT_EQ(out(), line(api::to_json(std::vector{test::example_peer()})));
  EXPECT_EQ(runner.started, 0);
}

TEST_F(Commands, BringUpANodeWhereNoneRuns) {
  prepare_own([](FakeFacade& facade) { facade.peer_views = {test::example_peer()}; });
  EXPECT_EQ(run({"peers", "--port", "7001"}), ExitCode::kDone);
  EXPECT_EQ(out(),
            "NAME  ID            ADDRESS        TRUST    SHARES  LINE       SEEN\n"
            "bob   abcdefghijkl  10.0.0.2:5001  unknown       3  encrypted   now\n");
  EXPECT_EQ(runner.started, 1);
  EXPECT_EQ(runner.used->home, home);
  EXPECT_EQ(runner.used->port, 7001);
  EXPECT_EQ(asked(), std::vector<std::string>{"stop"});
}

TEST_F(Commands, SayHowToStartANodeWhereTheyNeedOne) {
  for (const char* command : {"shares", "transfers", "status", "stop"}) {
    EXPECT_EQ(run({command}), ExitCode::kFailed);
    EXPECT_NE(err().find("essaim: No node runs on " + home + ". Start one with `essaim up`"), std::string::npos);
  }
  EXPECT_EQ(runner.started, 0);
}

TEST_F(Commands, PassOnWhyANodeDoesNotStart) {
  runner.failure = node::Failure{node::FailureCode::kRefused, "Another process uses the home."};
  EXPECT_EQ(run({"peers"}), ExitCode::kRefused);
  EXPECT_EQ(err(), "essaim: Another process uses the home.\n");
}

TEST_F(Commands, GiveErrorsAsJsonWhereJsonIsWanted) {
  start_node([](FakeFacade& facade) { facade.failure = node::Failure{node::FailureCode::kNotFound, "No bob."}; });
  EXPECT_EQ(run({"ls", "bob", "--json"}), ExitCode::kNotFound);
  EXPECT_EQ(err(), "{\"error\":{\"code\":\"not_found\",\"message\":\"No bob.\"}}\n");
  EXPECT_EQ(out(), "");
}

TEST_F(Commands, UpSaysThatItIsReadyAndStopsAtCtrlC) {
  prepare_own([](FakeFacade& facade) { facade.status_view = test::example_status(); });
  out_buffer.interrupt_at = "ready ";
  EXPECT_EQ(run({"up", "--dest", "in"}), ExitCode::kDone);
  EXPECT_EQ(out(),
            "ready abcdefghijklmnopqrstuvwxyz234567 tcp 5001 udp 5000 home /home/alice/.local/share/essaim web "
            "http://127.0.0.1:5080/\n");
  EXPECT_EQ(runner.used->dest, (fs::canonical(folder.path()) / "in").string());
  EXPECT_EQ(asked(), std::vector<std::string>{"stop"});
}

TEST_F(Commands, UpSharesPathsAndTellsTheirLinks) {
  test::write_file(folder / "Videos", "x");
  prepare_own(share_and_hash);
  out_buffer.interrupt_at = "shared";
  EXPECT_EQ(run({"up", "Videos", "--json"}), ExitCode::kDone);
  const std::string ready = R"({"event":"ready","peer_id":"","port":0,"discovery_port":0,"home":"","web":null})";
  EXPECT_EQ(out(), ready + "\n" + line(event_document("shared", api::to_json(test::example_share()))));
  EXPECT_EQ(asked(), (std::vector<std::string>{
                         "share " + (fs::canonical(folder.path()) / "Videos").string() + " for everyone", "stop"}));
}

TEST_F(Commands, UpRefusesPathsThatAreNotThere) {
  EXPECT_EQ(run({"up", "missing"}), ExitCode::kNotFound);
  EXPECT_EQ(runner.started, 0);
}

TEST_F(Commands, UpRefusesAHomeThatIsInUse) {
  start_node([](FakeFacade&) {});
  EXPECT_EQ(run({"up"}), ExitCode::kRefused);
  EXPECT_NE(err().find("runs on " + home + " already"), std::string::npos) << err();
  EXPECT_EQ(runner.started, 0);
}

TEST_F(Commands, UpEndsWhenTheNodeIsStoppedFromElsewhere) {
  prepare_own([](FakeFacade& facade) { boost::asio::post(facade.executor(), [&facade] { facade.request_stop(); }); });
  EXPECT_EQ(run({"up"}), ExitCode::kDone);
}

TEST_F(Commands, StopWaitsUntilTheNodeIsGone) {
  start_node([](FakeFacade&) {});
  EXPECT_EQ(run({"stop"}), ExitCode::kDone);
  EXPECT_EQ(err(), "The node has stopped.\n");
}

TEST_F(Commands, ShareWaitsForTheLink) {
  start_node(share_and_hash);
  EXPECT_EQ(run({"share", "Videos", "--name", "V", "--audience", "trusted"}), ExitCode::kDone);
  EXPECT_EQ(out(), "essaim:abc?name=Videos\n");
  EXPECT_EQ(asked(), std::vector<std::string>{"share " + (fs::canonical(folder.path()) / "Videos").string() +
                                              " as V for trusted"});
}

TEST_F(Commands, ShareInTheForegroundTakesItsSharesBack) {
  prepare_own([](FakeFacade& facade) {
    share_and_hash(facade);
    facade.share_views.clear();
  });
  err_buffer.interrupt_at = "Ctrl-C";
  EXPECT_EQ(run({"share", "Videos"}), ExitCode::kDone);
  EXPECT_NE(err().find("Sharing Videos; press Ctrl-C to stop.\n"), std::string::npos) << err();
  const std::string path = (fs::canonical(folder.path()) / "Videos").string();
  EXPECT_EQ(asked(), (std::vector<std::string>{"share " + path + " for everyone", "unshare Videos", "stop"}));
}

TEST_F(Commands, ShareInTheForegroundKeepsWhatWasSharedBefore) {
  prepare_own(share_and_hash);
  err_buffer.interrupt_at = "Ctrl-C";
  EXPECT_EQ(run({"share", "Videos"}), ExitCode::kDone);
  EXPECT_EQ(asked().size(), 2U);  // share, stop
}

TEST_F(Commands, UnshareTakesANameOrAPath) {
  start_node([](FakeFacade&) {});
  EXPECT_EQ(run({"unshare", "Videos"}), ExitCode::kDone);
  EXPECT_EQ(run({"unshare", "./Videos"}), ExitCode::kDone);
  EXPECT_EQ(asked(), (std::vector<std::string>{"unshare Videos",
                                               "unshare " + (fs::canonical(folder.path()) / "Videos").string()}));
}

TEST_F(Commands, SharesAreListed) {
  start_node([](FakeFacade& facade) { facade.share_views = {test::example_share()}; });
  EXPECT_EQ(run({"shares"}), ExitCode::kDone);
  EXPECT_EQ(out(),
            "NAME        SIZE  FILES  STATE  AUDIENCE  PATH\n"
            "Videos  12.1 KiB      7  ready  everyone  /home/alice/Videos\n");
}

TEST_F(Commands, LsReadsAllPages) {
  start_node([](FakeFacade& facade) {
    facade.pages = {node::EntryPage{{test::example_entry()}, "1"}, node::EntryPage{{node::EntryView()}, std::nullopt}};
  });
  EXPECT_EQ(run({"ls", "bob/Videos/", "--json"}), ExitCode::kDone);
  EXPECT_EQ(out(), line(api::to_json(std::vector{test::example_entry(), node::EntryView()})));
  EXPECT_EQ(asked(), (std::vector<std::string>{"list bob Videos", "list bob Videos"}));
}

TEST_F(Commands, LsWithoutAPlaceAsksEveryoneWhoIsOnline) {
  start_node([](FakeFacade& facade) {
    facade.peer_views = {test::example_peer(), test::example_peer(), test::example_peer()};
    facade.peer_views[1].online = false;
    facade.peer_views[2].peer_id = PeerId{"carol-id"};
  });
  EXPECT_EQ(run({"ls"}), ExitCode::kDone);
  EXPECT_EQ(asked(), (std::vector<std::string>{"list abcdefghijklmnopqrstuvwxyz234567 ", "list carol-id "}));
}

TEST_F(Commands, SearchAsksForAllWords) {
  start_node([](FakeFacade& facade) { facade.found = {test::example_entry()}; });
  EXPECT_EQ(run({"search", "my", "talk"}), ExitCode::kDone);
  EXPECT_NE(out().find("bob/Videos/talk.mp4\n"), std::string::npos) << out();
  EXPECT_EQ(asked(), std::vector<std::string>{"search my talk"});
}

TEST_F(Commands, GetFollowsADownloadToItsEnd) {
  prepare_own([](FakeFacade& facade) {
    facade.transfer_views = {transfer(node::TransferState::kRunning)};
    facade.on_question = [&facade](const std::string& question) {
      if (!question.starts_with("get ")) return;
      node::TransferView other = transfer(node::TransferState::kDone);
      other.id = "another one";
      facade.events().publish(node::TransferChanged{other});
      facade.events().publish(node::TransferChanged{transfer(node::TransferState::kVerifying)});
      facade.events().publish(node::TransferChanged{transfer(node::TransferState::kDone)});
    };
  });
  EXPECT_EQ(run({"get", "bob/talk.mp4", "-o", "out/"}), ExitCode::kDone);
  EXPECT_EQ(out(), "/home/bob/talk.mp4 (2.6 GiB in 10.2 s, 117 MiB/s from 2 peers)\n");
  EXPECT_EQ(asked(), (std::vector<std::string>{
                         "get bob/talk.mp4 into " + (fs::canonical(folder.path()) / "out/").string(), "stop"}));
}

TEST_F(Commands, GetGoesOnWithTheOthersWhenOneTargetFails) {
  start_node([](FakeFacade& facade) { facade.transfer_views = {transfer(node::TransferState::kDone)}; });
  EXPECT_EQ(run({"get", "a", "b"}), ExitCode::kDone);
  change_running([](FakeFacade& facade) {
    facade.failure = node::Failure{node::FailureCode::kAmbiguous, "Two things are called a."};
  });
  EXPECT_EQ(run({"get", "a", "b", "--json"}), ExitCode::kNotFound);
  EXPECT_NE(out().find(R"({"event":"failed","target":"b","error":{"code":"ambiguous",)"), std::string::npos) << out();
  EXPECT_EQ(asked().size(), 4U);
}

TEST_F(Commands, GetLeavesItsDownloadPausedAtCtrlC) {
  start_node([](FakeFacade& facade) { facade.transfer_views = {transfer(node::TransferState::kRunning)}; });
  err_buffer.interrupt_at = "into /home/bob";
  EXPECT_EQ(run({"get", "bob/talk.mp4", "-o", "out"}), ExitCode::kInterrupted);
  EXPECT_NE(err().find("talk.mp4: interrupted after 1.2 GiB of 2.6 GiB. The same command goes on from there.\n"),
            std::string::npos)
      << err();
  EXPECT_EQ(asked(), (std::vector<std::string>{
                         "get bob/talk.mp4 into " + (fs::canonical(folder.path()) / "out").string(), "pause t1"}));
}

TEST_F(Commands, GetSeesTheEndEvenIfItMissedTheEvent) {
  start_node([](FakeFacade& facade) {
    facade.transfer_views = {transfer(node::TransferState::kRunning)};
    facade.on_question = [&facade](const std::string&) {
      facade.transfer_views = {transfer(node::TransferState::kDone)};
      for (std::size_t i = 0; i <= node::kEventsKeptMax; ++i) facade.events().publish(node::ShareGone{"x"});
    };
  });
  EXPECT_EQ(run({"get", "bob/talk.mp4"}), ExitCode::kDone);
}

TEST_F(Commands, GetWritesTheBytesOfAFileAndNothingElse) {
  const std::string bytes = test::noise(1'000'000);
  start_node([&](FakeFacade& facade) {
    facade.transfer_views = {transfer(node::TransferState::kRunning)};
    facade.content = std::make_shared<test::MemoryStream>(facade.executor(), bytes);
  });
  EXPECT_EQ(run({"get", "bob/talk.mp4", "--stdout"}), ExitCode::kDone);
  EXPECT_EQ(out(), bytes);
  EXPECT_EQ(err(), "");
  EXPECT_EQ(asked(),
            (std::vector<std::string>{"get bob/talk.mp4 to read", "read " + to_base32(test::example_id().view())}));
}

TEST_F(Commands, GetWaitsForTheContentOfAFileThatIsStillBeingHashed) {
  start_node([](FakeFacade& facade) {
    facade.transfer_views = {transfer(node::TransferState::kResolving)};
    facade.transfer_views[0].content_id.reset();
    facade.content = std::make_shared<test::MemoryStream>(facade.executor(), "0123456789");
    facade.on_question = [&facade](const std::string& question) {
      if (!question.starts_with("get ")) return;
      facade.events().publish(node::TransferChanged{transfer(node::TransferState::kRunning)});
    };
  });
  EXPECT_EQ(run({"get", "bob/talk.mp4", "--stdout"}), ExitCode::kDone);
  EXPECT_EQ(out(), "0123456789");
}

TEST_F(Commands, GetSaysWhyTheBytesOfAFileEnd) {
  start_node([](FakeFacade& facade) {
    facade.transfer_views = {transfer(node::TransferState::kFailed)};
    facade.transfer_views[0].failure = node::Failure{node::FailureCode::kRefused, "Bob says no."};
    const auto stream = std::make_shared<test::MemoryStream>(facade.executor(), "0123456789");
    stream->let_come(4);
    stream->fail();
    facade.content = stream;
  });
  EXPECT_EQ(run({"get", "bob/talk.mp4", "--stdout"}), ExitCode::kRefused);
  EXPECT_EQ(out(), "0123");
  EXPECT_EQ(err(), "essaim: Bob says no.\n");
  change_running([](FakeFacade& facade) {
    facade.on_question = [&facade](const std::string& question) {
      if (question.starts_with("read ")) facade.transfer_views.clear();
    };
  });
  EXPECT_EQ(run({"get", "bob/talk.mp4", "--stdout"}), ExitCode::kInterrupted);
  EXPECT_NE(err().find("essaim: The download was stopped before its end.\n"), std::string::npos) << err();
}

TEST_F(Commands, GetStopsWritingAtCtrlC) {
  start_node([](FakeFacade& facade) {
    facade.transfer_views = {transfer(node::TransferState::kRunning)};
    const auto stream = std::make_shared<test::MemoryStream>(facade.executor(), "0123456789");
    stream->let_come(4);
    facade.content = stream;
  });
  out_buffer.interrupt_at = "0123";
  EXPECT_EQ(run({"get", "bob/talk.mp4", "--stdout"}), ExitCode::kInterrupted);
  EXPECT_EQ(out(), "0123");
}

TEST_F(Commands, SteerSeveralTransfers) {
  start_node([](FakeFacade& facade) { facade.transfer_views = {transfer(node::TransferState::kPaused)}; });
  EXPECT_EQ(run({"pause", "t1", "t2"}), ExitCode::kDone);
  EXPECT_EQ(run({"resume", "t1"}), ExitCode::kDone);
  EXPECT_EQ(run({"first", "t1"}), ExitCode::kDone);
  EXPECT_EQ(run({"limit", "2k", "t1"}), ExitCode::kDone);
  EXPECT_EQ(run({"cancel", "t1"}), ExitCode::kDone);
  EXPECT_TRUE(err().starts_with("t1 talk.mp4: paused\n")) << err();
  EXPECT_EQ(asked(),
            (std::vector<std::string>{"pause t1", "pause t2", "resume t1", "first t1", "limit 2048 t1", "cancel t1"}));
}

TEST_F(Commands, WatchTellsEventsUntilCtrlC) {
  start_node([](FakeFacade& facade) { facade.transfer_views = {transfer(node::TransferState::kRunning)}; });
  out_buffer.interrupt_at = "running";
  EXPECT_EQ(run({"transfers", "--watch", "--json"}), ExitCode::kDone);
  EXPECT_EQ(out(), line(event_document("transfer", api::to_json(transfer(node::TransferState::kRunning)))));
}

TEST_F(Commands, DoctorFailsWhereThereIsAProblem) {
  start_node([](FakeFacade& facade) {
    facade.findings = {{"identity", node::Verdict::kOk, "a key is there", ""},
                       {"tcp port", node::Verdict::kHint, "5001 is taken", "nothing to do"}};
  });
  EXPECT_EQ(run({"doctor"}), ExitCode::kDone);
  EXPECT_EQ(out(),
            "ok       identity  a key is there\n"
            "hint     tcp port  5001 is taken\n"
            "         → nothing to do\n");
  change_running([](FakeFacade& facade) { facade.findings[1].verdict = node::Verdict::kProblem; });
  EXPECT_EQ(run({"doctor"}), ExitCode::kFailed);
}

TEST_F(Commands, DoctorTellsWhyANodeDoesNotStart) {
  runner.failure = node::Failure{node::FailureCode::kRefused, "Another process uses the home."};
  EXPECT_EQ(run({"doctor"}), ExitCode::kFailed);
  EXPECT_NE(out().find("problem  node  A node can't be started here.\n         → Another"), std::string::npos) << out();
}

TEST_F(Commands, StatusIsShown) {
  start_node([](FakeFacade& facade) { facade.status_view = test::example_status(); });
  EXPECT_EQ(run({"status"}), ExitCode::kDone);
  EXPECT_NE(out().find("ports         tcp 5001, udp 5000\n"), std::string::npos) << out();
  EXPECT_NE(out().find("in words      badah-gamih-"), std::string::npos) << out();
  EXPECT_EQ(out().find("█"), std::string::npos) << out();
  EXPECT_EQ(run({"status", "--qr"}), ExitCode::kDone);
  EXPECT_NE(out().find("received      2.0 KiB\n\n████"), std::string::npos) << out();
}

TEST_F(Commands, HashAndVerifyNeedNoNode) {
  test::write_file(folder / "talk.mp4", "some content");
  EXPECT_EQ(run({"hash", "talk.mp4"}), ExitCode::kDone);
  std::string link = out();
  ASSERT_TRUE(link.starts_with("essaim:")) << link;
  link.pop_back();
  EXPECT_EQ(run({"verify", "talk.mp4", link}), ExitCode::kDone);
  test::write_file(folder / "talk.mp4", "some contents");
  EXPECT_EQ(run({"verify", "talk.mp4", link}), ExitCode::kFailed);
  EXPECT_TRUE(out().ends_with("talk.mp4: the same\ntalk.mp4: different: it has 13 bytes instead of 12\n")) << out();
  EXPECT_EQ(run({"verify", "talk.mp4", "nonsense"}), ExitCode::kUsage);
  EXPECT_EQ(run({"hash", "missing"}), ExitCode::kNotFound);
  EXPECT_EQ(runner.started, 0);
}

TEST_F(Commands, AnIdentityIsCarriedWithoutANode) {
  const auto home_file = storage::Home::open(home);
  const auto made = transport::make_self_signed_identity();
  ASSERT_TRUE(home_file && made);
  ASSERT_TRUE(storage::write_identity(*home_file, {.key = made->key_pem, .certificate = made->certificate_pem}));
  const std::string id = transport::peer_id_of_certificate_pem(made->certificate_pem)->text;
  test::write_file(folder / "phrase", "correct horse\n");
  EXPECT_EQ(run({"identity", "export", "me.essaim"}), ExitCode::kUsage) << "there is no terminal";
  EXPECT_NE(err().find("--passphrase-file"), std::string::npos) << err();
  EXPECT_EQ(run({"identity", "export", "me.essaim", "--passphrase-file", "phrase"}), ExitCode::kDone) << err();
  EXPECT_EQ(out(), "exported " + id + ", with 0 trusted and 0 blocked peers\n");
  fs::remove_all(home);
  const std::vector<std::string> import{"identity", "import", "me.essaim", "--passphrase-file", "phrase", "--json"};
  EXPECT_EQ(run(import), ExitCode::kDone) << err();
  EXPECT_NE(out().find("{\"peer_id\":\"" + id + "\",\"words\":\""), std::string::npos) << out();
  EXPECT_EQ(run(import), ExitCode::kRefused) << "there is an identity now";
  EXPECT_EQ(run({"identity", "import", "phrase", "--replace"}), ExitCode::kFailed);
  EXPECT_NE(err().find("it is not an identity that was exported"), std::string::npos) << err();
  EXPECT_EQ(runner.started, 0);
}

TEST_F(Commands, UsageErrorsStartNothing) {
  EXPECT_EQ(run({"get"}), ExitCode::kUsage);
  EXPECT_NE(err().find("TARGET is required"), std::string::npos);
  EXPECT_EQ(run({"--help"}), ExitCode::kDone);
  EXPECT_NE(out().find("essaim share ~/Videos/talk.mp4"), std::string::npos);
  EXPECT_EQ(runner.started, 0);
}

// A node with a pairing that the other side confirms as soon as this one has.
void pair_at_once(FakeFacade& facade) {
  node::PairingView pairing = test::example_pairing();
  pairing.failure.reset();
  facade.pairing_views = {pairing};
  facade.on_question = [&facade](const std::string& question) {
    node::PairingView& now = facade.pairing_views.front();
    if (question == "pair " + now.name) return;
    now.state = question.starts_with("confirm") ? node::PairingState::kDone : node::PairingState::kFailed;
    facade.events().publish(node::PairingChanged{now});
  };
}

TEST_F(Commands, PairAskWhetherTheDigitsAreTheSame) {
  start_node(pair_at_once);
  typed.str("y\n");
  EXPECT_EQ(run({"pair", "bob"}), ExitCode::kDone);
  EXPECT_NE(out().find("012 345"), std::string::npos);
  EXPECT_NE(out().find("you trust each other"), std::string::npos);
  EXPECT_EQ(asked(), (std::vector<std::string>{"pair bob", "confirm abcdefghijklmnopqrstuvwxyz234567"}));
}

TEST_F(Commands, PairTakeEverythingButYesForNo) {
  for (const char* answer : {"n\n", "\n", "", "maybe\n"}) {
    start_node(pair_at_once);
    typed.clear();
    typed.str(answer);
    EXPECT_NE(run({"pair", "bob"}), ExitCode::kDone) << answer;
    EXPECT_EQ(asked().back(), "reject abcdefghijklmnopqrstuvwxyz234567") << answer;
    record.clear();
  }
}

TEST_F(Commands, SendToThoseWhoAreNamedAndTakeBackOrLeave) {
  start_node([](FakeFacade& facade) { facade.offer_views = {test::example_offer()}; });
  EXPECT_EQ(run({"send", "a", "--to", "bob,carol"}), ExitCode::kDone);
  EXPECT_EQ(run({"accept", "3"}), ExitCode::kDone);
  EXPECT_EQ(run({"decline", "3"}), ExitCode::kDone);
  EXPECT_EQ(run({"withdraw", "3"}), ExitCode::kDone);
  EXPECT_EQ(asked(), (std::vector<std::string>{"send " + folder.path().string() + "/a to bob to carol", "accept 3",
                                               "decline 3", "withdraw 3"}));
}

TEST_F(Commands, InboxShowsWhatIsOfferedAndWhatWasSent) {
  node::OfferView sent = test::example_offer();
  sent.incoming = false;
  start_node([&](FakeFacade& facade) { facade.offer_views = {test::example_offer(), sent}; });
  EXPECT_EQ(run({"inbox", "--json"}), ExitCode::kDone);
  EXPECT_EQ(out(), line(api::to_json(std::vector{test::example_offer()})));
  EXPECT_EQ(run({"inbox", "--sent"}), ExitCode::kDone);
  EXPECT_NE(out().find("carol"), std::string::npos);
}

TEST_F(Commands, WarnOfWhoBearsAnothersName) {
  node::PeerView posing = test::example_peer();
  posing.not_the = PeerId{"cdefghijklmnopqrstuvwxyz23456723"};
  start_node([&](FakeFacade& facade) { facade.peer_views = {posing}; });
  EXPECT_EQ(run({"peers"}), ExitCode::kDone);
  EXPECT_NE(out().find("another key"), std::string::npos);
  EXPECT_NE(err().find("is not the one known by that name (cdefghijklmnopqrstuvwxyz23456723)"), std::string::npos);
}

}  // namespace
}  // namespace essaim::cli
