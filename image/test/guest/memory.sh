#!/bin/sh
# Memory of the whole unit and of our service, in MB, one `name value` a line.
awk '/^(MemTotal|MemAvailable|SwapTotal|SwapFree):/ { printf "%s %d\n", substr($1, 1, length($1) - 1), $2 / 1024 }' /proc/meminfo
for what in MemoryCurrent MemoryPeak MemorySwapCurrent; do
  bytes=$(systemctl show nightjar.service -p $what --value)
  case $bytes in *[!0-9]* | '') ;; *) echo "$what $((bytes / 1048576))" ;; esac
done
main=$(systemctl show nightjar.service -p MainPID --value)
awk '/^Vm(RSS|HWM|Swap):/ { printf "%s %d\n", substr($1, 1, length($1) - 1), $2 / 1024 }' "/proc/$main/status"
echo "OutOfMemory $(dmesg | grep -c 'Out of memory' || true)"
