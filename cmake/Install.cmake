# What `cmake --install` puts beside the program: completions, the unit of systemd, the public library, its headers, and what finds them.

install(FILES packaging/completions/essaim.bash RENAME essaim
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES packaging/completions/_essaim DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES packaging/completions/essaim.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

install(FILES packaging/essaim.service DESTINATION lib/systemd/user)

include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Essaim)
install(TARGETS essaim_shared EXPORT EssaimTargets LIBRARY)
install(DIRECTORY include/essaim TYPE INCLUDE)
install(EXPORT EssaimTargets NAMESPACE Essaim:: DESTINATION ${package_dir})

set(generated ${PROJECT_BINARY_DIR}/generated)
configure_package_config_file(cmake/EssaimConfig.cmake.in ${generated}/EssaimConfig.cmake
  INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${generated}/EssaimConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${generated}/EssaimConfig.cmake ${generated}/EssaimConfigVersion.cmake DESTINATION ${package_dir})

# The prefix is told relative to the file itself, so that an installed tree may be moved.
file(RELATIVE_PATH ESSAIM_PREFIX_FROM_PC /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(packaging/essaim.pc.in ${generated}/essaim.pc @ONLY)
install(FILES ${generated}/essaim.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
