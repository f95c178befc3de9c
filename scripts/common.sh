# shellcheck shell=sh disable=SC2154
# Functions that the scripts share: find out what a build needs, install it, and build. All messages
# go to stderr. A failure ends the script with status 1. A script that sources this file sets `root`
# (the checkout) and `fresh_only` (see configure). If the script's first argument is --no-install,
# this file removes it.
#
# A need is the name of something that a build requires: compiler, build-tool, a library (benchmark,
# cli11, fmt, gtest, json, valijson), or a Debian package, which counts as installed if its command
# exists.

no_install=''
if [ "${1:-}" = --no-install ]; then
  no_install=$1
  shift
fi

build=$root/build
program=$build/bin/asyncdemo
stamp=$build/.asyncdemo-built
log=$build/setup.log

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
takes_no_arguments() { [ $# = 0 ] || fail "${0##*/} takes no argument '$1'"; }
has() { command -v "$1" >/dev/null 2>&1; }
jobs() { nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2; }

# Runs a command, silent unless it fails.
logged() { "$@" </dev/null >"$log" 2>&1; }
show_log() { cat "$log" >&2; }

# ---- package names on this system

# Sets `manager` to the system's package manager, and `compiler` to CXX or else to the compiler that
# the manager installs. Called only when there is something to build, because every process it starts
# would delay a program that is already built.
look_around() {
  case $(uname -s) in
    Darwin) manager=brew ;;
    FreeBSD) manager=pkg ;;
    *) manager=apt-get ;;
  esac
  compiler=${CXX:-}
  [ -n "$compiler" ] || case $manager in apt-get) compiler=g++ ;; *) compiler=c++ ;; esac
}

package_of() {
  case $manager:$1 in
    apt-get:benchmark) echo libbenchmark-dev ;;
    apt-get:compiler) echo g++ ;;
    apt-get:build-tool) echo ninja-build ;;
    apt-get:cli11) echo libcli11-dev ;;
    apt-get:fmt) echo libfmt-dev ;;
    apt-get:gtest) echo libgtest-dev ;;
    apt-get:json) echo nlohmann-json3-dev ;;
    apt-get:valijson) echo libvalijson-dev ;;
    *:build-tool) echo ninja ;;
    *:gtest) echo googletest ;;
    *:json) echo nlohmann-json ;;
    brew:benchmark) echo google-benchmark ;;
    brew:compiler | pkg:compiler) echo llvm ;;
    pkg:fmt) echo libfmt ;;
    *) echo "$1" ;;
  esac
}

packages_of() { for need in "$@"; do package_of "$need"; done | tr '\n' ' ' | sed 's/ $//'; }

# ---- what is installed

# The oldest supported versions.
oldest_gnu=12 oldest_clang=16 oldest_apple=15 oldest_cmake=3.25

project_version() { sed -n 's/^ *VERSION \([0-9.]*\)$/\1/p' "$root/CMakeLists.txt"; }

# Succeeds if version $1 (like 3.18.4) is at least $2 (like 3.25).
at_least() {
  awk -v have="$1" -v need="$2" 'BEGIN {
    split(have, h, "."); split(need, n, ".")
    exit !(h[1] + 0 > n[1] + 0 || (h[1] + 0 == n[1] + 0 && h[2] + 0 >= n[2] + 0)) }'
}

# Prints `FAMILY VERSION` of the compiler $1, or nothing if it does not support coroutines.
compiler_version() {
  # shellcheck disable=SC2086 # CXX may include arguments
  $1 -E -P -x c++ - <<'END' 2>/dev/null | awk '$1 == "found" { print $2, $3 "." $4 }'
#if __has_include(<coroutine>)
#if defined(__apple_build_version__)
found apple __clang_major__ __clang_minor__
#elif defined(__clang__)
found clang __clang_major__ __clang_minor__
#else
found gnu __GNUC__ __GNUC_MINOR__
#endif
#endif
END
}

cmake_version() { cmake --version 2>/dev/null | awk 'NR == 1 { print $3 }'; }

header_exists() {
  for prefix in /usr /usr/local /opt/homebrew $(echo "${CMAKE_PREFIX_PATH:-}" | tr ':;' '  '); do
    [ -f "$prefix/include/$1" ] && return 0
  done
  return 1
}

# Succeeds if version $2 of $1 is at least $3; otherwise adds a message to `old`.
new_enough() {
  at_least "$2" "$3" && return
  old="$old${old:+; }$1 $2 is too old, $3 is needed"
  return 1
}

compiler_met() {
  has "${compiler%% *}" || return 1
  found=$(compiler_version "$compiler")
  case $found in
    gnu*) new_enough "$compiler" "${found#* }" "$oldest_gnu" ;;
    clang*) new_enough "$compiler" "${found#* }" "$oldest_clang" ;;
    apple*) new_enough "$compiler" "${found#* }" "$oldest_apple" ;;
    *) old="$old${old:+; }$compiler knows no C++20 coroutines" && return 1 ;;
  esac
}

# Succeeds if need $1 is met. If it is installed but too old, also adds a message to `old`.
met() {
  case $1 in
    compiler) compiler_met ;;
    cmake) has cmake && new_enough cmake "$(cmake_version)" "$oldest_cmake" ;;
    build-tool) has ninja || has make ;;
    benchmark) header_exists benchmark/benchmark.h ;;
    cli11) header_exists CLI/CLI.hpp ;;
    fmt) header_exists fmt/core.h ;;
    gtest) header_exists gtest/gtest.h ;;
    json) header_exists nlohmann/json.hpp ;;
    valijson) header_exists valijson/validator.hpp ;;
    doxygen-awesome-css) [ -d /usr/share/doxygen-awesome-css ] ;;
    ninja-build) has ninja ;;
    dpkg-dev) has dpkg-shlibdeps ;;
    clang-[0-9]*) has "clang++-${1#clang-}" ;;
    clang-tools-*) has "clang-query-${1#clang-tools-}" ;;
    libclang-rt-*-dev)
      rt=${1#libclang-rt-} && rt=${rt%-dev}
      [ -d "/usr/lib/llvm-$rt/lib/clang/$rt/lib/linux" ]
      ;;
    *) has "$1" ;;
  esac
}

# Sets `missing` to the packages of the needs that are not met, and `old` to the messages about
# versions that are too old.
look_for() {
  missing='' old=''
  for need in "$@"; do
    met "$need" || missing="$missing $(package_of "$need")"
  done
  missing=${missing# }
}

# ---- installing

is_root() { [ "$(id -u)" = 0 ]; }

# Runs a command as root, directly or with sudo. sudo may ask for a password only at a terminal.
as_root() {
  if is_root; then
    "$@"
  elif (: </dev/tty) 2>/dev/null; then
    sudo "$@"
  else
    sudo -n "$@"
  fi
}

apt() { as_root apt-get -q -y -o DPkg::Lock::Timeout=600 "$@" </dev/null >>"$log" 2>&1; }

# Prints the version that apt would install, without the epoch. (apt-cache treats an unknown name as a
# pattern, so the heading is compared.)
candidate() {
  LC_ALL=C apt-cache policy "$1" 2>/dev/null | awk -v heading="$1:" '
    /^[^ ]/ { ours = $0 == heading }
    ours && $1 == "Candidate:" && $2 != "(none)" { sub(/^[0-9]+:/, "", $2); print $2 }'
}

candidates_known() {
  for package in $missing; do [ -n "$(candidate "$package")" ] || return 1; done
}

update_lists() {
  say "updating the package lists (apt-get update)"
  # A failed download of a list is not fatal: what matters is whether the packages can be installed.
  apt update || :
  updated=yes
}

# Stops if the system's packages are too old as well.
refuse_old_candidates() {
  old=''
  for package in $missing; do
    case $package in
      g++) least=$oldest_gnu ;;
      cmake) least=$oldest_cmake ;;
      *) continue ;;
    esac
    version=$(candidate "$package")
    [ -z "$version" ] || new_enough "$package" "${version%%-*}" "$least" || :
  done
  [ -z "$old" ] || fail "$old (Debian 12 and Ubuntu 24.04 have them; CXX can name another compiler)"
}

install_with_apt() {
  export DEBIAN_FRONTEND=noninteractive
  updated=''
  : >"$log"
  candidates_known || update_lists
  refuse_old_candidates
  say "installing $missing (apt-get install)"
  # shellcheck disable=SC2086 # a list of packages
  apt install --no-install-recommends $missing && return
  [ -n "$updated" ] && return 1
  update_lists
  # shellcheck disable=SC2086
  apt install --no-install-recommends $missing
}

install_with_brew() {
  case " $missing " in
    *" llvm "*) fail "there is no C++ compiler that will do: xcode-select --install brings one" ;;
  esac
  say "installing $missing (brew install)"
  # shellcheck disable=SC2086
  logged brew install $missing
}

install_with_pkg() {
  case " $missing " in
    *" llvm "*) fail "the system's compiler will not do: ${old:-it is missing}; install llvm and set CXX" ;;
  esac
  say "installing $missing (pkg install)"
  # shellcheck disable=SC2086
  logged as_root env ASSUME_ALWAYS_YES=yes pkg install -y $missing
}

# Installs whatever the needs lack. With --no-install, names what is missing and stops instead.
provide() {
  look_for "$@"
  [ -n "$missing" ] || return 0
  if [ -n "${CXX:-}" ] && old='' && ! compiler_met; then
    has "${CXX%% *}" || fail "CXX is '$CXX', which is not there"
    fail "CXX will not do: $old"
  fi
  [ -z "$no_install" ] || fail "missing: $missing${old:+ ($old)}; nothing was installed (--no-install)"
  has "$manager" || fail "missing: $missing${old:+ ($old)}; there is no $manager here to install them"
  is_root || has sudo || [ "$manager" = brew ] ||
    fail "missing: $missing${old:+ ($old)}; to install that takes root, or sudo"
  case $manager in
    apt-get) install_with_apt ;;
    brew) install_with_brew ;;
    pkg) install_with_pkg ;;
  esac || { show_log && fail "could not install $missing"; }
  look_for "$@"
  [ -z "$missing" ] || fail "still missing after the installation: $missing${old:+ ($old)}"
}

# Like provide, for optional needs: if they cannot be installed, says so and continues.
provide_if_possible() { (provide "$@") || say "going on without it"; }

# ---- building

# Succeeds if no source and no build setting has changed since the program was built. Compares
# modification times; a deleted file changes that of its directory.
up_to_date() {
  [ -x "$program" ] && [ -f "$stamp" ] && [ -z "$(
    find "$root/CMakeLists.txt" "$root/lib" "$root/app" "$build/CMakeCache.txt" \
      -newer "$stamp" -print 2>/dev/null || echo missing
  )" ]
}

# Runs a function while no other script builds here. The processes it starts do not inherit the lock.
with_lock() {
  (mkdir -p "$build" && : >>"$build/.lock") 2>/dev/null || fail "cannot write to the build folder $build"
  look_around
  if has flock; then
    (
      flock -n 9 || { say "waiting for another build" && flock 9; }
      "$@" 9>&-
    ) 9>"$build/.lock"
    return
  fi
  until mkdir "$build/.locked" 2>/dev/null; do
    owner=$(cat "$build/.locked/pid" 2>/dev/null || :)
    if [ -n "$owner" ] && ! ps -p "$owner" >/dev/null; then
      rm -rf "$build/.locked"
    else
      say "waiting for another build (if there is none, remove $build/.locked)"
      sleep 2
    fi
  done
  (
    trap 'rm -rf "$build/.locked"' EXIT
    trap 'exit 130' HUP INT TERM
    echo $$ >"$build/.locked/pid"
    "$@"
  )
}

cached() { sed -n "s|^$1:[A-Z]*=||p" "$build/CMakeCache.txt" 2>/dev/null; }

# Succeeds if the build directory can be reused: configuring finished, for this folder, and its tools
# still exist.
configured() {
  { [ -f "$build/build.ninja" ] || [ -f "$build/Makefile" ]; } &&
    [ "$(cached CMAKE_HOME_DIRECTORY)" = "$root" ] && [ "$(cached CMAKE_CACHEFILE_DIR)" = "$build" ] &&
    [ -x "$(cached CMAKE_MAKE_PROGRAM)" ] && [ -x "$(cached CMAKE_CXX_COMPILER)" ]
}

configure_afresh() {
  generator='Unix Makefiles'
  has ninja && generator=Ninja
  [ -n "${CXX:-}" ] || set -- "-DCMAKE_CXX_COMPILER=$compiler" "$@"
  logged cmake --fresh -S "$root" -B "$build" -G "$generator" "$@"
}

# Configures a Release build with the given CMake arguments. The arguments in $fresh_only apply only
# to a new build directory.
configure() {
  say "configuring in $build"
  set -- -DCMAKE_BUILD_TYPE=Release "$@"
  configured && logged cmake -S "$root" -B "$build" "$@" && return
  # shellcheck disable=SC2086 # a list of options
  configure_afresh "$@" $fresh_only || { show_log && fail "configuring failed"; }
}

build_target() {
  say "building $1; this can take minutes (log: $log)"
  logged cmake --build "$build" --target "$1" --parallel "$(jobs)" ||
    { show_log && fail "the build failed"; }
}

# Builds target $1, which includes the program, and records the time at which the build began for
# up_to_date.
compile() {
  : >"$stamp.new"
  build_target "$1"
  mv "$stamp.new" "$stamp"
}
