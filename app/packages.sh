# Sourced by app/run.sh and tests/run.sh: installs the Debian packages that are missing.

build_packages=(
  g++ cmake ninja-build pkg-config ccache
  libeigen3-dev libopenblas-dev nlohmann-json3-dev libexpected-dev libicu-dev libcli11-dev libzip-dev
  qt6-base-dev qt6-svg-dev qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools libgl-dev libqcustomplot-dev
  fonts-inter fonts-noto-cjk fonts-noto-color-emoji fonts-dejavu-core
)
test_packages=(libgtest-dev libgmock-dev libbenchmark-dev librapidcheck-dev poppler-utils librsvg2-bin)
check_packages=(clang clang-tidy clang-format libclang-rt-14-dev)

# need_packages PACKAGE…: installs those that are missing, with sudo where that is needed and there; else says what
# to run and fails.
need_packages() {
  command -v dpkg-query >/dev/null || return 0  # not Debian: CMake says what it misses
  local missing=() package
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local install=(apt-get install -y --no-install-recommends "${missing[@]}")
  if [ "$(id -u)" -eq 0 ]; then
    echo "Installing ${#missing[@]} packages…" >&2
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive "${install[@]}" >/dev/null
  elif command -v sudo >/dev/null; then
    echo "Installing ${#missing[@]} packages with sudo…" >&2
    sudo apt-get update -qq >&2
    sudo DEBIAN_FRONTEND=noninteractive "${install[@]}" >/dev/null
  else
    echo "Packages are missing. As root, run:" >&2
    echo "  ${install[*]}" >&2
    return 1
  fi
}

# quietly NAME COMMAND…: runs a command; its output goes to a log that is shown only if it fails.
quietly() {
  local name=$1 log
  shift
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    echo "$name failed." >&2
    return 1
  fi
  rm -f "$log"
}
