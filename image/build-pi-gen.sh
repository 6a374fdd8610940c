#!/usr/bin/env bash
# build-pi-gen.sh CHECKOUT: the image with Raspberry Pi OS and its kernel (the only one for the Pi 5), by pi-gen itself over
# the same stage. Needs internet, root, and a checkout of https://github.com/RPi-Distro/pi-gen, branch arm64.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
checkout=$(cd "${1:?the checkout of pi-gen}" && pwd)
[ -e "$checkout/build.sh" ] || { echo "$checkout is no checkout of pi-gen" >&2; exit 1; }
[ "$(id -u)" = 0 ] || { echo 'pi-gen has to run as root' >&2; exit 1; }
grep -q arm64 "$checkout/stage0/prerun.sh" || { echo "$checkout: not pi-gen's branch arm64" >&2; exit 1; }

NIGHTJAR_BUNDLE=$("$image/lib/bundle.sh" arm64)
export NIGHTJAR_BUNDLE NIGHTJAR=$project
# Only our card comes out, not Raspberry Pi OS Lite beside it.
touch "$checkout/stage2/SKIP_IMAGES"
step 'pi-gen' bash -c 'cd "$1" && WORK_DIR="$1/work/nightjar" ./build.sh -c "$2"' pi-gen "$checkout" "$image/pi-gen/config"

root=$cache/root-pi-gen
copy() {
  rm -rf --one-file-system "$root"
  mkdir -p "$root"
  cp -a --reflink=auto "$checkout/work/nightjar/stage-nightjar/rootfs/." "$root/"
}
step 'copy of the root' copy
step 'finish' "$image/lib/finish.sh" "$root"
"$image/disk.sh" "$root" "$(version)-raspios"
