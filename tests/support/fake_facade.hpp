// A node that answers what a test told it to, and remembers what it was asked.
#pragma once
#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "base/text.hpp"
#include "node/facade.hpp"

namespace essaim::test {

class FakeFacade final : public node::Facade {
 public:
  explicit FakeFacade(boost::asio::io_context& io) : io_(io), events_(io.get_executor()) {}

  // Answers. Where `failure` is set, every question that can fail gets it.
  std::optional<node::Failure> failure;
  node::StatusView status_view;
  std::vector<node::PeerView> peer_views;
  std::vector<node::ShareView> share_views;
  std::optional<node::ShareView> share_answer;  // else the first of share_views
  std::vector<node::TransferView> transfer_views;
  node::TransferMapView map_view;
  std::vector<node::EntryPage> pages{1};  // the cursor of a request is the number of the page
  std::vector<node::EntryView> found;
  std::vector<node::DoctorLine> findings;
  std::vector<node::PairingView> pairing_views;
  std::vector<node::OfferView> offer_views;
  std::vector<std::pair<std::string, std::uint64_t>> numbers;
  std::shared_ptr<node::ContentStream> content;

  // Of all files that were handed in.
  struct Received {
    std::string bytes;
    std::size_t largest_piece = 0;
    int finished = 0;
    std::optional<node::Failure> failure;  // of the next piece
  };
  std::shared_ptr<Received> incoming = std::make_shared<Received>();

  // Questions: one line each, "pause t1". `on_question` is called after each has been answered.
  std::vector<std::string> asked;
  std::vector<std::string>* record = nullptr;  // outlives this, where there is one; gets the questions too
  std::function<void(const std::string& question)> on_question;
  std::function<void()> on_stop;
  std::optional<node::ShareRequest> share_request;
  std::optional<node::ListRequest> list_request;
  std::optional<node::SearchRequest> search_request;
  std::optional<node::GetRequest> get_request;

  boost::asio::any_io_executor executor() override { return io_.get_executor(); }
  node::EventLog& events() override { return events_; }

  node::StatusView status() const override { return status_view; }
  std::vector<node::PeerView> peers() const override { return peer_views; }
  std::vector<node::ShareView> shares() const override { return share_views; }
  std::vector<node::TransferView> transfers() const override { return transfer_views; }
  std::optional<node::TransferView> transfer(const std::string& id) const override {
    for (const node::TransferView& view : transfer_views) {
      if (view.id == id) return view;
    }
    return std::nullopt;
  }
  std::optional<node::TransferMapView> transfer_map(const std::string& id) const override {
    return transfer(id) ? std::optional(map_view) : std::nullopt;
  }
  std::vector<std::pair<std::string, std::uint64_t>> metrics() const override { return numbers; }

  node::Answer<node::ShareView> share(node::ShareRequest request) override {
    note("share " + request.path + (request.name ? " as " + *request.name : "") + " for " +
         request.audience.value_or("everyone"));
    share_request = std::move(request);
    return share_answer ? answer(*share_answer) : first_of(share_views);
  }
  node::Answer<node::ShareView> unshare(std::string name_or_path) override {
    note("unshare " + name_or_path);
    return first_of(share_views);
  }
  node::Answer<std::string> begin_drop() override {
    note("begin drop");
    return answer(std::string("7"));
  }
  node::Answer<std::shared_ptr<node::IncomingFile>> add_to_drop(node::DropFileRequest request) override {
    note("add " + request.path + " to " + request.id + ", " + std::to_string(request.size));
    return answer<std::shared_ptr<node::IncomingFile>>(std::make_shared<Incoming>(incoming));
  }
  node::Answer<node::ShareView> share_drop(std::string id, std::string audience) override {
    note("share drop " + id + " for " + audience);
    return first_of(share_views);
  }
  node::Answer<void> discard_drop(std::string id) override {
    note("discard drop " + id);
    if (failure) co_return fail(*failure);
    co_return node::Outcome<void>();
  }
  node::Answer<node::EntryPage> list(node::ListRequest request) override {
    note("list " + request.peer + " " + request.path);
    const std::size_t page = request.cursor ? std::stoul(*request.cursor) : 0;
    list_request = std::move(request);
    return answer(pages.at(page));
  }
  node::Answer<std::vector<node::EntryView>> search(node::SearchRequest request) override {
    note("search " + request.words);
    search_request = std::move(request);
    return answer(found);
  }
  node::Answer<node::TransferView> get(node::GetRequest request) override {
    note("get " + request.target + (request.dest ? " into " + *request.dest : "") +
         (request.purpose == node::Purpose::kRead ? " to read" : ""));
    get_request = std::move(request);
    return first_of(transfer_views);
  }
  node::Answer<node::TransferView> pause(std::string id) override { return about_transfer("pause", id); }
  node::Answer<node::TransferView> resume(std::string id) override { return about_transfer("resume", id); }
  node::Answer<node::TransferView> put_first(std::string id) override { return about_transfer("first", id); }
  node::Answer<node::TransferView> set_limit(std::string id, std::optional<std::uint64_t> rate) override {
    return about_transfer("limit " + std::to_string(rate.value_or(0)), id);
  }
  node::Answer<node::TransferView> cancel(std::string id) override { return about_transfer("cancel", id); }
  node::Answer<std::shared_ptr<node::ContentStream>> read(ContentId id) override {
    note("read " + to_base32(id.view()));
    if (failure) co_return fail(*failure);
    co_return content;
  }
  node::Answer<node::PeerView> set_trust(std::string peer, access::Trust trust) override {
    note("trust " + peer + " " + std::string(to_string(trust)));
    return first_of(peer_views);
  }
  node::Answer<node::PeerView> forget(std::string peer) override {
    note("forget " + peer);
    return first_of(peer_views);
  }
  node::Answer<node::PairingView> pair(std::string peer) override { return about_pairing("pair", peer); }
  node::Answer<node::PairingView> confirm_pairing(std::string peer) override { return about_pairing("confirm", peer); }
  node::Answer<node::PairingView> reject_pairing(std::string peer) override { return about_pairing("reject", peer); }
  std::vector<node::PairingView> pairings() const override { return pairing_views; }
  node::Answer<node::OfferView> send(node::SendRequest request) override {
    std::string question = "send";
    for (const std::string& path : request.paths) question += " " + path;
    for (const std::string& peer : request.peers) question += " to " + peer;
    note(question);
    return first_of(offer_views);
  }
  std::vector<node::OfferView> offers() const override { return offer_views; }
  node::Answer<node::OfferView> accept(node::AcceptRequest request) override {
    note("accept " + request.offer + (request.dest ? " into " + *request.dest : ""));
    return first_of(offer_views);
  }
  node::Answer<node::OfferView> decline(std::string id) override {
    note("decline " + id);
    return first_of(offer_views);
  }
  node::Answer<node::OfferView> withdraw(std::string id) override {
    note("withdraw " + id);
    return first_of(offer_views);
  }
  node::Answer<std::vector<node::DoctorLine>> doctor() override { return answer(findings); }

  void request_stop() override {
    note("stop");
    events_.close();
    if (on_stop) on_stop();
  }

 private:
  class Incoming final : public node::IncomingFile {
   public:
    explicit Incoming(std::shared_ptr<Received> into) : into_(std::move(into)) {}
    boost::asio::awaitable<node::Outcome<void>> write(ByteView bytes) override {
      if (into_->failure) co_return fail(*into_->failure);
      into_->bytes += as_text(bytes);
      into_->largest_piece = std::max(into_->largest_piece, bytes.size());
      co_return node::Outcome<void>();
    }
    boost::asio::awaitable<node::Outcome<void>> finish() override {
      ++into_->finished;
      co_return node::Outcome<void>();
    }

   private:
    std::shared_ptr<Received> into_;
  };

  void note(const std::string& question) {
    asked.push_back(question);
    if (record != nullptr) record->push_back(question);
    if (on_question) boost::asio::post(io_, [this, question] { on_question(question); });
  }
  template <class T>
  node::Answer<T> answer(T value) {
    if (failure) co_return fail(*failure);
    co_return value;
  }
  template <class View>
  node::Answer<View> first_of(const std::vector<View>& views) {
    return answer(views.empty() ? View() : views.front());
  }
  node::Answer<node::PairingView> about_pairing(const std::string& verb, const std::string& peer) {
    note(verb + " " + peer);
    return first_of(pairing_views);
  }
  node::Answer<node::TransferView> about_transfer(const std::string& verb, const std::string& id) {
    note(verb + " " + id);
    return answer(transfer(id).value_or(node::TransferView()));
  }

  boost::asio::io_context& io_;
  node::EventLog events_;
};

}  // namespace essaim::test
