# Language level, warnings and sanitizers, for every target of ours.

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR
    "g++ ${CMAKE_CXX_COMPILER_VERSION} destroys temporaries twice in co_await expressions, so a build with it "
    "would crash. Use clang++-19 (./run and ./check install and choose it) or g++ 13 or newer.")
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
# Given by hand, so that programs and libraries can share one precompiled header (CMake would give -fPIE and -fPIC).
add_compile_options(-fPIC)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

set(ESSAIM_SANITIZE "" CACHE STRING "Sanitizers: address,undefined or thread")

add_library(essaim_options INTERFACE)
target_compile_options(essaim_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Werror
  # Fields that a designated initializer leaves out get their defaults; that is what it is for.
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:Clang>>:-Wno-missing-designated-field-initializers>)
target_include_directories(essaim_options INTERFACE ${PROJECT_SOURCE_DIR}/src ${PROJECT_BINARY_DIR}/generated)

if(ESSAIM_SANITIZE)
  add_compile_options(-fsanitize=${ESSAIM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${ESSAIM_SANITIZE})
endif()
if(ESSAIM_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)  # coverage in every library; tests/fuzz links the fuzzer itself
endif()
