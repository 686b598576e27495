#!/usr/bin/env bash
# Installs what is missing, builds and runs the tests, and closes with ctest's summary.
#   tests/run.sh          core, ui and command line
#   tests/run.sh --all    besides: format, the fuzzers, the sanitizers
#   tests/run.sh --tidy   clang-tidy alone, over core, ui and app: a quarter of an hour on two cores
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=app/packages.sh
. "$root/app/packages.sh"
all=0
tidy=0
for argument in "$@"; do
  case $argument in
    --all) all=1 ;;
    --tidy) tidy=1 ;;
    *) echo "usage: tests/run.sh [--all | --tidy]" >&2; exit 2 ;;
  esac
done

need_packages "${build_packages[@]}" "${test_packages[@]}"
cd "$root"
[ -d "$root/../shared/reference" ] && export ATTENTION_LAB_REFERENCE=${ATTENTION_LAB_REFERENCE:-$root/../shared/reference}
jobs=$(nproc)

step() { printf '\n== %s\n' "$*"; }

if [ $tidy = 1 ]; then
  need_packages "${check_packages[@]}"
  step "clang-tidy"
  quietly "Configuring" cmake --preset tidy
  quietly "clang-tidy" cmake --build --preset tidy
  exit
fi
if [ $all = 1 ]; then
  need_packages "${check_packages[@]}"
  step "Format"
  git ls-files '*.h' '*.cpp' '*.inl' | xargs clang-format --dry-run -Werror
fi

step "Tests"
quietly "Configuring" cmake --preset dev
quietly "Building" cmake --build --preset dev
if [ $all = 0 ]; then
  exec ctest --preset dev -j"$jobs" --progress
fi
ctest --preset dev -j"$jobs" --progress

step "Tests and fuzzers under AddressSanitizer and UndefinedBehaviorSanitizer"
quietly "Configuring" cmake --preset sanitize
quietly "Building" cmake --build --preset sanitize
ctest --preset sanitize -j"$jobs" --progress
