#!/usr/bin/env bash
# `make image`: the card's image in dist-image/, from this checkout and Debian's archive alone. `make image PIGEN=<checkout>`
# takes pi-gen and Raspberry Pi OS instead (build-pi-gen.sh).
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
[ "$(id -u)" = 0 ] || { echo 'make image: only root can make a root file system (try sudo make image)' >&2; exit 1; }
if [ -n "${PIGEN:-}" ]; then exec "$image/build-pi-gen.sh" "$PIGEN"; fi

step 'tools of this machine' need mmdebstrap debian-archive-keyring zstd python3 make gcc-aarch64-linux-gnu g++-aarch64-linux-gnu device-tree-compiler
step 'tool chroot' bash -c '"$1/lib/tools.sh" >/dev/null' tools "$image"
began=$SECONDS
bundle=$("$image/lib/bundle.sh" arm64)
printf '%5d s  bundle for arm64, %s\n' $((SECONDS - began)) "$(du -sh --apparent-size "$bundle" | cut -f1)"
NIGHTJAR_BUNDLE=$bundle "$image/root.sh" arm64
"$image/disk.sh" "$cache/root-arm64" "$(version)"
printf '%5d s  in all\n' $SECONDS
