#!/usr/bin/env bash
# natively.sh ROOT, called by mmdebstrap: installs NIGHTJAR_PACKAGES with this machine's own apt and dpkg, so that only the
# packages' scripts run emulated, not the unpacking of half a gigabyte (19 minutes become 4).
set -euo pipefail
root=$1
# One initramfs, made when everything is in place (finish.sh): each run is minutes of emulation.
mkdir -p "$root/etc/initramfs-tools"
echo 'update_initramfs=no' >"$root/etc/initramfs-tools/update-initramfs.conf"
export INITRD=No DEBIAN_FRONTEND=noninteractive APT_CONFIG=$MMDEBSTRAP_APT_CONFIG
# No service starts in a root that nobody booted.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
options=(-o DPkg::Options::="--root=$root" -o DPkg::Chroot-Directory= -o Dir::Bin::dpkg=/usr/bin/dpkg -o DPkg::Use-Pty=false)
# dpkg takes packages of architecture `all` for its own machine's, and misses theirs for them. apt has the order right,
# and the root's own dpkg has the last word below.
options+=(-o DPkg::Options::=--force-depends)
set -f
for option in $NIGHTJAR_DPKG_OPTIONS; do options+=(-o "DPkg::Options::=--$option"); done
# shellcheck disable=SC2086 # a list of words
apt-get -yqq "${options[@]}" install --no-install-recommends $NIGHTJAR_PACKAGES
rm "$root/usr/sbin/policy-rc.d"
audit=$(chroot "$root" dpkg --audit)
[ -z "$audit" ] || { echo "$audit" >&2; exit 1; }
