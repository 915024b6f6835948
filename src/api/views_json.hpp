// The node's views as JSON documents, both ways. Field names are those of the views and are stable (docs/api.md); what
// a view does not know is null. Times of files are whole seconds since 1970.
#pragma once
#include <optional>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "node/people_views.hpp"
#include "node/views.hpp"

namespace essaim::api {

[[nodiscard]] boost::json::object to_json(const node::PeerView& view);
[[nodiscard]] boost::json::object to_json(const node::EntryView& view);
[[nodiscard]] boost::json::object to_json(const node::EntryPage& page);
[[nodiscard]] boost::json::object to_json(const node::ShareView& view);
[[nodiscard]] boost::json::object to_json(const node::SourceView& view);
[[nodiscard]] boost::json::object to_json(const node::TransferView& view);
[[nodiscard]] boost::json::object to_json(const node::TransferMapView& view);
[[nodiscard]] boost::json::object to_json(const node::StatusView& view);
[[nodiscard]] boost::json::object to_json(const node::DoctorLine& line);
[[nodiscard]] boost::json::object to_json(const node::PairingView& view);
[[nodiscard]] boost::json::object to_json(const node::OfferItemView& view);
[[nodiscard]] boost::json::object to_json(const node::OfferRecipientView& view);
[[nodiscard]] boost::json::object to_json(const node::OfferView& view);
[[nodiscard]] boost::json::object to_json(const node::Failure& failure);

template <class View>
[[nodiscard]] boost::json::array to_json(const std::vector<View>& views) {
  boost::json::array array;
  array.reserve(views.size());
  for (const View& view : views) array.push_back(to_json(view));
  return array;
}

// The inverse; nothing where a field is missing or of another type. Fields that are not known are ignored.
template <class View>
[[nodiscard]] std::optional<View> from_json(const boost::json::value& value);

template <>
std::optional<node::PeerView> from_json(const boost::json::value& value);
template <>
std::optional<node::EntryView> from_json(const boost::json::value& value);
template <>
std::optional<node::EntryPage> from_json(const boost::json::value& value);
template <>
std::optional<node::ShareView> from_json(const boost::json::value& value);
template <>
std::optional<node::SourceView> from_json(const boost::json::value& value);
template <>
std::optional<node::TransferView> from_json(const boost::json::value& value);
template <>
std::optional<node::StatusView> from_json(const boost::json::value& value);
template <>
std::optional<node::DoctorLine> from_json(const boost::json::value& value);
template <>
std::optional<node::PairingView> from_json(const boost::json::value& value);
template <>
std::optional<node::OfferItemView> from_json(const boost::json::value& value);
template <>
std::optional<node::OfferRecipientView> from_json(const boost::json::value& value);
template <>
std::optional<node::OfferView> from_json(const boost::json::value& value);
template <>
std::optional<node::Failure> from_json(const boost::json::value& value);

template <class View>
[[nodiscard]] std::optional<std::vector<View>> list_from_json(const boost::json::value& value) {
  if (!value.is_array()) return std::nullopt;
  std::vector<View> views;
  views.reserve(value.get_array().size());
  for (const boost::json::value& element : value.get_array()) {
    std::optional<View> view = from_json<View>(element);
    if (!view) return std::nullopt;
    views.push_back(std::move(*view));
  }
  return views;
}

}  // namespace essaim::api
