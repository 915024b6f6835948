# Every third-party library, as a target. All of them come as Debian packages.

find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(PkgConfig REQUIRED)
include(cmake/Blake3.cmake)

# Boost is used for its headers alone; find_path, because Debian's CMake package for it wants components.
find_path(ESSAIM_BOOST_INCLUDE boost/asio/any_completion_handler.hpp REQUIRED)

# Asio is compiled once (src/third_party/asio.cpp), not in every file.
add_library(essaim_asio STATIC src/third_party/asio.cpp)
target_include_directories(essaim_asio SYSTEM PUBLIC ${ESSAIM_BOOST_INCLUDE})
target_compile_definitions(essaim_asio PUBLIC BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)
target_link_libraries(essaim_asio PUBLIC Threads::Threads OpenSSL::SSL OpenSSL::Crypto)

add_library(essaim_json STATIC src/third_party/json.cpp)
target_include_directories(essaim_json SYSTEM PUBLIC ${ESSAIM_BOOST_INCLUDE})

find_library(ESSAIM_SQLITECPP_LIBRARY SQLiteCpp REQUIRED)
add_library(essaim_sqlite INTERFACE)
target_link_libraries(essaim_sqlite INTERFACE ${ESSAIM_SQLITECPP_LIBRARY} SQLite::SQLite3)

find_package(CLI11 REQUIRED)
pkg_check_modules(TOMLPLUSPLUS REQUIRED IMPORTED_TARGET tomlplusplus)
pkg_check_modules(QRENCODE REQUIRED IMPORTED_TARGET libqrencode)
