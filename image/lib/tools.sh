#!/bin/bash
# The tools that build and boot the image, from Debian trixie, in a chroot of this machine's own architecture: the host's
# QEMU may be too old (raspi3b has I2C buses since 8.x) and the host stays untouched. Prints the chroot's path.
set -euo pipefail
packages=qemu-system-arm,qemu-user-binfmt,genimage,mtools,dosfstools,e2fsprogs,fdisk,zstd,u-boot-tools
tools=${NIGHTJAR_IMAGE_CACHE:-$(cd "$(dirname "$0")/../.." && pwd)/.cache/image}/tools

if [ "$(cat "$tools/.packages" 2>/dev/null)" != "$packages" ]; then
  rm -rf --one-file-system "$tools" "$tools.new"
  mkdir -p "$(dirname "$tools")"
  # Documents and translations are a third of the download's unpacking and nobody reads them here.
  mmdebstrap --mode=root --variant=apt --quiet --include="$packages" \
    --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Retries "3"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='force-unsafe-io' \
    trixie "$tools.new" http://deb.debian.org/debian >&2
  echo "$packages" >"$tools.new/.packages"
  mv "$tools.new" "$tools"
fi
echo "$tools"
