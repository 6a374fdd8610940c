#!/usr/bin/env bash
# finish.sh ROOT: what is left when every stage has run: the initramfs, and whatever would differ between two builds of the
# same commit, or between two units of the same build, taken out. Run inside the runner's namespace or on its own.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
root=$(cd "$1" && pwd)
if [ "${NIGHTJAR_UNSHARED:-}" != 1 ]; then
  NIGHTJAR_UNSHARED=1 exec unshare --mount --propagation private "$0" "$@"
fi

# Raspberry Pi OS has filled its boot partition already, and keeps an initramfs there for each of its kernels.
foreign=$root/boot/firmware/config.txt

initramfs() {
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  mount -t tmpfs tmpfs "$root/tmp"
  mount -t tmpfs tmpfs "$root/var/tmp"
  if [ -e "$foreign" ]; then
    chroot "$root" update-initramfs -u -k all
  else
    local kernel
    kernel=$(find "$root/lib/modules" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -V | tail -n 1)
    chroot "$root" env SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" mkinitramfs -o "/boot/initrd.img-$kernel" "$kernel"
  fi
  umount -l "$root"/{var/tmp,tmp,dev,proc}
}
if [ -x "$root/usr/sbin/mkinitramfs" ]; then
  step 'initramfs' initramfs
  [ -e "$foreign" ] || "$image/lib/debian-boot.sh" "$root"
  cat "$root/usr/lib/nightjar/boot/config.txt" >>"$root/boot/firmware/config.txt"
fi

# No unit's identity in the image: each makes its own at first start.
rm -f "$root"/etc/ssh/ssh_host_* "$root"/var/lib/systemd/random-seed
: >"$root/etc/machine-id"
ln -sfn /etc/machine-id "$root/var/lib/dbus/machine-id"
# What builds leave behind.
rm -rf "$root"/var/cache/{apt,ldconfig,debconf,fontconfig}/* "$root"/var/lib/apt/lists/* "$root"/var/log/* \
  "$root"/var/lib/dpkg/*-old "$root"/var/lib/systemd/{catalog,deb-systemd-helper-enabled/*.dsh-also} \
  "$root"/etc/*- "$root"/usr/share/bug "$root"/usr/share/mime/mime.cache "$root"/tmp/* "$root"/var/tmp/* "$root"/run/*
rm -f "$root"/etc/apt/sources.list.d/0000* "$root"/etc/apt/apt.conf.d/99mmdebstrap "$root"/root/.bash_history
# NetworkManager's; the root itself can no longer be written.
ln -sfn /run/NetworkManager/resolv.conf "$root/etc/resolv.conf"
# No file is younger than the commit.
find "$root" -xdev -newermt "@$SOURCE_DATE_EPOCH" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
