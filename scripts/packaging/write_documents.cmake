# Writes the manual page and the completion scripts of program ${asyncdemo} to folder ${made}.
function(write_document file)
  execute_process(
    COMMAND "${asyncdemo}" ${ARGN} OUTPUT_FILE "${made}/${file}" COMMAND_ERROR_IS_FATAL ANY)
endfunction()

write_document(asyncdemo completion bash)
write_document(_asyncdemo completion zsh)
write_document(asyncdemo.fish completion fish)
write_document(asyncdemo.1 man)
execute_process(COMMAND gzip -9 -n -f "${made}/asyncdemo.1" COMMAND_ERROR_IS_FATAL ANY)
