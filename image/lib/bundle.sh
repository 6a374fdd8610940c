#!/usr/bin/env bash
# bundle.sh ARCH: makes the bundle for a board of that architecture and prints its folder. For this machine's own it is dist/.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
case $1 in amd64) cpu=x64 ;; arm64) cpu=arm64 ;; *) echo "no bundle for $1" >&2; exit 1 ;; esac
case $(uname -m) in aarch64) own=arm64 ;; *) own=x64 ;; esac
node=$project/node_modules/node-linux-$own/bin/node
if [ $cpu = $own ]; then
  [ -e "$project/dist/nightjar.mjs" ] || "$node" "$project/scripts/bundle.ts" >&2
  echo "$project/dist"
  exit 0
fi
modules=$cache/modules-$cpu
"$image/lib/modules.sh" $cpu "$modules" >&2
"$node" "$project/scripts/bundle.ts" --arch $cpu --modules "$modules" --out "$cache/dist-$cpu" >&2
echo "$cache/dist-$cpu"
