#!/usr/bin/env bash
# Programs that the VM's suites need and the image does not have: a DHCP client for the phone, i2c-tools for the bench.
# Prints their folder; they are lent to the VM, so that what is tested is the root as it is released.
set -euo pipefail
. "$(dirname "$0")/apt.sh"
folder=$cache/tools
if [[ ! -e $folder/busybox ]]; then
  need_list=(busybox-static i2c-tools libi2c0)
  apt_get update
  work=$(mktemp -d "$cache/tools.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  fetch "$work" "${need_list[@]}"
  mkdir -p "$work/flat"
  cp "$work"/usr/bin/busybox "$work"/usr/sbin/i2c{get,set} "$work"/usr/lib/*/libi2c.so.0 "$work/flat/"
  rm -rf "$folder"
  mv "$work/flat" "$folder"
fi
echo "$folder"
