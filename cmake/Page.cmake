# essaim_page(TARGET): builds the files of web/ and the description of the API into a library, compressed; see
# src/api/page_files.hpp.
find_package(Python3 REQUIRED COMPONENTS Interpreter)

function(essaim_page target)
  set(page ${PROJECT_SOURCE_DIR}/web)
  set(script ${PROJECT_SOURCE_DIR}/tools/embed_page.py)
  set(output ${PROJECT_BINARY_DIR}/generated/api/page_data.cpp)
  set(description ${PROJECT_SOURCE_DIR}/docs/openapi.json)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${page}/*)
  add_custom_command(OUTPUT ${output} COMMAND Python3::Interpreter ${script} ${output} ${page} ${description}
    DEPENDS ${files} ${description} ${script} VERBATIM COMMENT "Building the page in")
  target_sources(${target} PRIVATE ${output})
endfunction()
