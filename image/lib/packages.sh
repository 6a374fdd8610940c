#!/usr/bin/env bash
# packages.sh ARCH: every Debian package of the image, one a line: the base's and those that the stages name.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
lists=("$image/debian/packages")
[ ! -e "$image/debian/packages-$1" ] || lists+=("$image/debian/packages-$1")
for list in "$stage"/*/[0-9][0-9]-packages{,-nr}; do
  [ ! -e "$list" ] || lists+=("$list")
done
[ "${NIGHTJAR_HIL:-}" != 1 ] || lists+=("$stage/09-hil/files/packages")
sed 's/#.*//' "${lists[@]}" | tr -s ' \t' '\n' | grep . | sort -u
