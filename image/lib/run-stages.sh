#!/usr/bin/env bash
# run-stages.sh ROOT STAGE...: runs stages in pi-gen's format over a root, as pi-gen's build.sh does (its files of a number:
# debconf, packages-nr, packages, run.sh where executable, run-chroot.sh), without pi-gen. Patches (NN-patches) are not known.
set -euo pipefail
if [ "${NIGHTJAR_UNSHARED:-}" != 1 ]; then
  # Mounts of a broken build go with its namespace.
  NIGHTJAR_UNSHARED=1 exec unshare --mount --propagation private "$0" "$@"
fi
export ROOTFS_DIR STAGE STAGE_DIR SUB_STAGE_DIR FIRST_USER_NAME=owner TARGET_HOSTNAME=nightjar DEBIAN_FRONTEND=noninteractive
ROOTFS_DIR=$(cd "$1" && pwd)
shift

mount --rbind /dev "$ROOTFS_DIR/dev"
mount -t proc proc "$ROOTFS_DIR/proc"
mount -t sysfs -o ro sysfs "$ROOTFS_DIR/sys"
mount -t tmpfs tmpfs "$ROOTFS_DIR/run"
mount -t tmpfs tmpfs "$ROOTFS_DIR/tmp"

log() { echo "  $*"; }
on_chroot() { setarch linux64 chroot "$ROOTFS_DIR" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root \
  DEBIAN_FRONTEND=noninteractive FIRST_USER_NAME="$FIRST_USER_NAME" SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" bash -e "$@"; }
export -f log on_chroot

# The base has the packages of every stage already: only what is missing is asked of the archive.
install() {
  local recommends=$1 list=$2 package missing=()
  for package in $(sed 's/#.*//' "$list"); do
    dpkg-query --admindir="$ROOTFS_DIR/var/lib/dpkg" -W -f='${Status}\n' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] || on_chroot -c "apt-get update -qq && apt-get install -y -qq $recommends ${missing[*]}"
}

sub_stage() {
  local number
  cd "$SUB_STAGE_DIR"
  for number in {00..99}; do
    if [ -f "$number-debconf" ]; then on_chroot -c debconf-set-selections <"$number-debconf"; fi
    if [ -f "$number-packages-nr" ]; then install --no-install-recommends "$number-packages-nr"; fi
    if [ -f "$number-packages" ]; then install '' "$number-packages"; fi
    if [ -x "$number-run.sh" ]; then "./$number-run.sh"; fi
    if [ -f "$number-run-chroot.sh" ]; then on_chroot <"$number-run-chroot.sh"; fi
  done
}

for STAGE_DIR; do
  STAGE_DIR=$(cd "$STAGE_DIR" && pwd)
  STAGE=$(basename "$STAGE_DIR")
  [ ! -x "$STAGE_DIR/prerun.sh" ] || (cd "$STAGE_DIR" && ./prerun.sh)
  for SUB_STAGE_DIR in "$STAGE_DIR"/*/; do
    SUB_STAGE_DIR=${SUB_STAGE_DIR%/}
    if [ -e "$SUB_STAGE_DIR/SKIP" ]; then continue; fi
    log "$STAGE/$(basename "$SUB_STAGE_DIR")"
    (sub_stage)
  done
done
