# Gives the target `blake3`: a system library where there is one; else the C sources that Debian ships inside
# librust-blake3-dev (Debian 12 has no C package of it).

find_package(BLAKE3 CONFIG QUIET)
if(NOT TARGET BLAKE3::blake3)
  pkg_check_modules(LIBBLAKE3 QUIET IMPORTED_TARGET libblake3)
endif()
if(TARGET BLAKE3::blake3 OR LIBBLAKE3_FOUND)
  add_library(blake3 INTERFACE)
  target_link_libraries(blake3 INTERFACE $<IF:$<TARGET_EXISTS:BLAKE3::blake3>,BLAKE3::blake3,PkgConfig::LIBBLAKE3>)
  return()
endif()

file(GLOB _blake3_candidates /usr/share/cargo/registry/blake3-*/c)
find_path(ESSAIM_BLAKE3_DIR blake3.c PATHS ${_blake3_candidates} NO_DEFAULT_PATH REQUIRED)
set(_blake3 ${ESSAIM_BLAKE3_DIR}/blake3)
add_library(blake3 STATIC ${_blake3}.c ${_blake3}_dispatch.c ${_blake3}_portable.c)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  enable_language(ASM)
  foreach(isa sse2 sse41 avx2 avx512)
    target_sources(blake3 PRIVATE ${_blake3}_${isa}_x86-64_unix.S)
  endforeach()
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
  target_sources(blake3 PRIVATE ${_blake3}_neon.c)
  target_compile_definitions(blake3 PRIVATE BLAKE3_USE_NEON=1)
endif()
target_include_directories(blake3 SYSTEM PUBLIC ${ESSAIM_BLAKE3_DIR})
if(ESSAIM_SANITIZE MATCHES "thread")
  # It keeps what it finds out about the processor in a plain variable, at its first use in whatever thread. Every thread
  # would write the same value, so the race is harmless; and it is not ours to mend.
  target_compile_options(blake3 PRIVATE -fno-sanitize=thread)
endif()
