#!/usr/bin/env bash
# root.sh ARCH [FOLDER]: the root file system of the image (amd64 for the fast virtual machine, arm64 for boards) as a folder,
# by default .cache/image/root-ARCH. NIGHTJAR_HIL=1 adds the bench's tools; NIGHTJAR_BUNDLE names a ready dist/.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
arch=$1
root=${2:-$cache/root-$arch}
[ "$(id -u)" = 0 ] || { echo 'root.sh: only root can make a root file system' >&2; exit 1; }

export NIGHTJAR_BUNDLE=${NIGHTJAR_BUNDLE:-}
[ -n "$NIGHTJAR_BUNDLE" ] || NIGHTJAR_BUNDLE=$("$image/lib/bundle.sh" "$arch")

began=$SECONDS
# Two builds at once wait for one base.
base=$(flock "$cache/base-$arch.lock" "$image/lib/base.sh" "$arch")
printf '%5d s  Debian packages (%s)\n' $((SECONDS - began)) "$(basename "$base")"

copy() {
  rm -rf --one-file-system "$root"
  mkdir -p "$root"
  cp -a --reflink=auto "$base/." "$root/"
}
step 'copy of the base' copy
step 'stages' "$image/lib/run-stages.sh" "$root" "$stage"
step 'finish' "$image/lib/finish.sh" "$root"
echo "$root  $(du -sh --apparent-size "$root" | cut -f1)"
