#!/usr/bin/env bash
# disks.sh ROOT FOLDER: a fresh card for the VM: root.img (of the folder ROOT, never written to), data.img (empty, as
# delivered) and card.img (the FAT partition that a computer shows, with an emulated rig chosen in nightjar.toml).
set -euo pipefail
root=$1 folder=$2
project=$(cd "$(dirname "$0")/../.." && pwd)
rm -rf "$folder"
mkdir -p "$folder/card" "$folder/share"
size=$(($(du -sm --apparent-size "$root" | cut -f1) + 200))
mke2fs -q -t ext4 -O ^has_journal -L nightjar-root -d "$root" "$folder/root.img" "${size}M"
truncate -s 1G "$folder/data.img"
mke2fs -q -t ext4 -L nightjar-data "$folder/data.img"
truncate -s 64M "$folder/card.img"
cp "$project/src/system/setup/nightjar.toml" "$folder/card/"
sed -i "s/^#rig = /rig = /" "$folder/card/nightjar.toml"
in_tools=$project/image/lib/in-tools.sh
bash "$in_tools" mkfs.vfat -n NIGHTJAR "$folder/card.img" >/dev/null
bash "$in_tools" mcopy -i "$folder/card.img" "$folder/card/nightjar.toml" ::
