#!/usr/bin/env bash
# base.sh ARCH: a Debian root with every package of the image and nothing of ours, as .cache/image/base-ARCH-HASH/.
# Prints the folder. Kept by the hash of what went in; nothing depends on it being there.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
arch=$1
mapfile -t packages < <("$image/lib/packages.sh" "$arch")
hash=$( (printf '%s\n' "$suite" "$mirror" "${packages[@]}"; cat "$image/lib/"{base,natively}.sh) | sha256sum | cut -c1-12)
base=$cache/base-$arch-$hash
if [ ! -d "$base" ]; then
  need mmdebstrap debian-archive-keyring >&2
  [ "$arch" = amd64 ] || "$image/lib/binfmt.sh" >&2
  rm -rf "$base.new"
  export NIGHTJAR_PACKAGES="${packages[*]}" NIGHTJAR_DPKG_OPTIONS
  # What nobody reads on an appliance stays out; licences stay in. Nothing is asked. No sync after every file: a build that
  # is cut short runs again from the start.
  NIGHTJAR_DPKG_OPTIONS='force-unsafe-io force-confold
    path-exclude=/usr/share/doc/* path-include=/usr/share/doc/*/copyright path-exclude=/usr/share/man/*
    path-exclude=/usr/share/info/* path-exclude=/usr/share/locale/* path-exclude=/usr/share/lintian/*'
  set -f
  # shellcheck disable=SC2086 # a list of words
  mmdebstrap --quiet --mode=root --architectures="$arch" --variant=essential --format=directory \
    --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
    $(printf -- '--dpkgopt=%s ' $NIGHTJAR_DPKG_OPTIONS) \
    --customize-hook="$image/lib/natively.sh" --skip=check/empty \
    "$suite" "$base.new" - >&2 < <("$image/lib/sources.sh")
  mv "$base.new" "$base"
fi
echo "$base"
