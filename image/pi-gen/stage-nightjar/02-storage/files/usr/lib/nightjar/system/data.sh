#!/bin/bash
# The data partition at every start: grown to the end of the card where there is room, with the folders that others
# bind to. Each step can be cut by a loss of power and is done again at the next start. It never fails: a unit without
# its card's data still has to show its page and say so.
set -u
folders=/usr/lib/nightjar/system/data.conf

# There, and no worn-out card that only lets itself be read.
usable() { mountpoint -q /data && [ -w /data ]; }

# A card beyond repair: work in memory, with the name, the keys and the networks that can still be read, and leave word of
# it for the page.
if ! usable; then
  if ! mountpoint -q /data; then
    partition=$(blkid -L nightjar-data)
    # Exit code 1: there was something to repair, and it is.
    e2fsck -y "$partition" || [ $? = 1 ] && mount -o noatime,nodev,nosuid "$partition" /data
  fi
  if ! usable; then
    mkdir -p /run/nightjar && touch /run/nightjar/data-lost
    echo 'nightjar-data: the data partition cannot be used; working in memory'
    [ ! -d /data/system ] || cp -a /data/system /run/nightjar-system
    mount -t tmpfs -o nodev,nosuid,size=25% nightjar-data /data
    [ ! -d /run/nightjar-system ] || mv /run/nightjar-system /data/system
  fi
fi

# grow PARTITION: the partition, and the extended one around it, up to the end of the disk; then its file system.
grow() {
  local name disk number size end extended part
  name=$(basename "$(readlink -f "$1")")
  if [ -e "/sys/class/block/$name/partition" ]; then
    number=$(cat "/sys/class/block/$name/partition")
    disk=$(basename "$(dirname "$(readlink -f "/sys/class/block/$name")")")
    size=$(cat "/sys/class/block/$disk/size")
    end=$(($(cat "/sys/class/block/$name/start") + $(cat "/sys/class/block/$name/size")))
    # Half-sectors of rounding are no room: 16 MiB are.
    if [ $((size - end)) -gt 32768 ]; then
      extended=$(sfdisk --dump "/dev/$disk" | sed -nE 's/^[^ ]*[^0-9 ]([0-9]+) : .*type=(f|5|85)\b.*/\1/p')
      for part in $extended $number; do
        # No reread: the root is on this disk. partx tells the kernel about each one.
        echo ',+' | sfdisk --quiet --no-reread --force -N "$part" "/dev/$disk"
        partx --update --nr "$part" "/dev/$disk"
      done
    fi
  fi
  resize2fs "$1" 2>&1 | grep -v 'Nothing to do\|^resize2fs [0-9]\|^$'
}
source=$(findmnt -no SOURCE /data)
[ ! -b "$source" ] || grow "$source"
systemd-tmpfiles --create "$folders"
exit 0
