# Runs during installation: the program ${asyncdemo} writes its manual page and completion scripts.
function(install_document folder file)
  set(path "${CMAKE_INSTALL_PREFIX}/${folder}/${file}")
  message(STATUS "Installing: $ENV{DESTDIR}${path}")
  file(MAKE_DIRECTORY "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/${folder}")
  execute_process(${ARGN} OUTPUT_FILE "$ENV{DESTDIR}${path}" COMMAND_ERROR_IS_FATAL ANY)
  list(APPEND CMAKE_INSTALL_MANIFEST_FILES "${path}")
  set(CMAKE_INSTALL_MANIFEST_FILES "${CMAKE_INSTALL_MANIFEST_FILES}" PARENT_SCOPE)
endfunction()

install_document("${man_dir}/man1" asyncdemo.1.gz COMMAND "${asyncdemo}" man COMMAND gzip -9 -n)
install_document("${data_dir}/bash-completion/completions" asyncdemo
                 COMMAND "${asyncdemo}" completion bash)
install_document("${zsh_dir}" _asyncdemo COMMAND "${asyncdemo}" completion zsh)
install_document("${data_dir}/fish/vendor_completions.d" asyncdemo.fish
                 COMMAND "${asyncdemo}" completion fish)
