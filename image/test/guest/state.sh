#!/bin/sh
# Everything that first boot makes and no later boot may change, one `name value` a line.
digest() { if [ -e "$1" ]; then sha256sum <"$1" | cut -c1-16; else echo missing; fi; }
echo "unit $(digest /data/system/unit.json)"
echo "hotspot $(digest /data/system/network/nightjar-hotspot.nmconnection)"
for key in /data/system/ssh/ssh_host_*_key; do echo "${key##*/} $(digest "$key")"; done
echo "machine-id $(cat /etc/machine-id)"
echo "hostname $(cat /proc/sys/kernel/hostname)"
disk=$(lsblk -no pkname "$(findmnt -no SOURCE /data)")
for part in /sys/block/"$disk"/"$disk"?*; do
  [ ! -e "$part/start" ] || echo "${part##*/} sectors $(cat "$part/start")+$(cat "$part/size")"
done
echo "mbr $(head -c 512 "/dev/$disk" | sha256sum | cut -c1-16)"
echo "data-uuid $(findmnt -no UUID /data)"
echo "data-bytes $(findmnt -bno SIZE /data)"
