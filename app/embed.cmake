# Writes a C++ source file that contains other files as string literals:
#
#   cmake -D OUTPUT=embedded.cpp -D ROOT=DIRECTORY -P embed.cmake -- FILE...
#
# The name of each FILE is its path relative to ROOT.
set(delimiter embedded_file)
set(text "// Written by the build from the files of app/scenarios.\n\n")
string(APPEND text "#include \"scenarios/embedded.hpp\"\n\n" "namespace asyncdemo {\n\n"
       "std::span<const EmbeddedFile> embedded_files() {\n"
       "  static constexpr EmbeddedFile kFiles[] = {\n")
set(is_file FALSE)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(index RANGE ${last})
  set(argument "${CMAKE_ARGV${index}}")
  if(is_file)
    file(READ "${argument}" content)
    file(RELATIVE_PATH path "${ROOT}" "${argument}")
    string(APPEND text "      {\"${path}\", R\"${delimiter}(${content})${delimiter}\"},\n")
  elseif(argument STREQUAL "--")
    set(is_file TRUE)
  endif()
endforeach()
string(APPEND text "  };\n  return kFiles;\n}\n\n}  // namespace asyncdemo\n")
file(WRITE "${OUTPUT}" "${text}")
