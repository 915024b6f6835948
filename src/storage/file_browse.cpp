// What people ask of the file table: one folder's items, and a search.
#include <algorithm>
#include <iterator>
#include <string_view>

#include "storage/catalogue_sql.hpp"
#include "storage/file_rows.hpp"
#include "storage/file_table.hpp"

namespace essaim::storage {
namespace {

// Sort after a path and everything below it, before all that comes next; and after every path.
constexpr char kPastBelow = '\x02';
constexpr char kPastAll = '\xFF';

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool holds(std::string_view text, std::string_view word) {
  const auto same = [](char a, char b) { return lower(a) == lower(b); };
  return !std::ranges::search(text, word, same).empty() || word.empty();
}

// For LIKE, which compares ASCII letters without case.
std::string pattern_of(std::string_view word) {
  std::string pattern = "%";
  for (const char c : stored_path(word)) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + '%';
}

std::string like_clauses(std::size_t count, std::string_view between) {
  std::string sql;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) sql += between;
    sql += "path LIKE ? ESCAPE '\\'";
  }
  return sql;
}

// A word may be in the share's name or in the path, but at least one is in the path: where the share's name alone has
// them all, the share is what was looked for, not each of its files. The file of a single-file share has no other name.
std::vector<SharedFile> search_share(SQLite::Database& database, std::span<const std::string> words, ShareId share,
                                     std::size_t limit) {
  SQLite::Statement name_query(database, "SELECT name FROM share WHERE id = ?");
  Binder(name_query).value_of(share);
  if (!name_query.executeStep()) return {};
  const std::string name = RowReader(name_query).text();
  std::vector<std::string> wanted;
  std::ranges::copy_if(words, std::back_inserter(wanted), [&](const std::string& word) { return !holds(name, word); });
  const bool name_has_all = wanted.empty();
  if (name_has_all) wanted.assign(words.begin(), words.end());

  const std::string matches = name_has_all ? "(path = '' OR " + like_clauses(wanted.size(), " OR ") + ")"
                                           : like_clauses(wanted.size(), " AND ");
  SQLite::Statement query(database, select_files("WHERE share_id = ? AND " + matches + " ORDER BY path LIMIT ?"));
  Binder binder(query);
  binder.value_of(share);
  for (const std::string& word : wanted) binder.text(pattern_of(word));
  binder.integer(bounded_limit(limit));
  return read_files(query);
}

}  // namespace

// Walks the share's paths, jumping over what lies below each folder it meets.
Result<std::vector<FileRecord>> FileTable::list_folder(const FolderQuery& query) const {
  return guarded(*database_, [&]() -> Result<std::vector<FileRecord>> {
    const std::string inside = query.folder.empty() ? "" : stored_path(query.folder + "/");
    const std::string end = query.folder.empty() ? std::string(1, kPastAll) : stored_path(query.folder) + kPastBelow;
    std::string from = query.after.empty() ? inside : inside + query.after + kPastBelow;
    SQLite::Statement rows(*database_, select_files("WHERE share_id = ? AND path >= ? AND path < ? ORDER BY path"));
    const auto limit = static_cast<std::size_t>(bounded_limit(query.limit));
    std::vector<FileRecord> items;
    while (items.size() < limit) {
      rows.reset();
      Binder(rows).value_of(query.share).text(from).text(end);
      bool jumped = false;
      while (!jumped && items.size() < limit && rows.executeStep()) {
        FileRecord item = read_file(rows).record;
        const std::size_t below = item.path.find('/', inside.size());
        jumped = item.kind == FileKind::kDirectory || below != std::string::npos;
        if (jumped) from = stored_path(item.path.substr(0, below)) + kPastBelow;
        if (below == std::string::npos) items.push_back(std::move(item));
      }
      if (!jumped) break;
    }
    return items;
  });
}

Result<std::vector<SharedFile>> FileTable::search(std::span<const std::string> words, std::span<const ShareId> shares,
                                                  std::size_t limit) const {
  return guarded(*database_, [&]() -> Result<std::vector<SharedFile>> {
    std::vector<SharedFile> found;
    const auto used = words.first(std::min(words.size(), kSearchWordsMax));
    if (used.empty()) return found;
    for (const ShareId share : shares) {
      const auto room = static_cast<std::size_t>(bounded_limit(limit)) - found.size();
      if (room == 0) break;
      auto matches = search_share(*database_, used, share, room);
      std::ranges::move(matches, std::back_inserter(found));
    }
    return found;
  });
}

}  // namespace essaim::storage
