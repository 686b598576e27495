#!/usr/bin/env bash
# Installs what is missing, builds the program (release, optimised) and starts it. Arguments are passed on.
set -euo pipefail
here=$(pwd)
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=app/packages.sh
. "$root/app/packages.sh"
need_packages "${build_packages[@]}"

cd "$root"
if [ ! -f build/release/build.ninja ]; then
  echo "Building Attention Lab, once: some minutes…" >&2
  quietly "Configuring" cmake --preset release
fi
quietly "Building" cmake --build --preset release
cd "$here"

needs_window=1
for argument in "$@"; do
  case $argument in
    -h|--help|--version|trace|export|screenshot|attend|saturation|scaling|tokenize|models) needs_window=0 ;;
  esac
  break
done
if [ $needs_window = 1 ] && [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}${QT_QPA_PLATFORM:-}" ]; then
  echo "There is no display to open a window on. Without one these work: export, trace, screenshot, attend, saturation, scaling, tokenize, models (each with --help)." >&2
  exit 1
fi
exec "$root/build/release/bin/attention-lab" "$@"
