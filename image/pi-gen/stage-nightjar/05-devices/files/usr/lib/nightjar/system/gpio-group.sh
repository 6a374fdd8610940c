#!/bin/sh
# gpio-group.sh DEVICE, from udev: the group gpio may export lines and set those exported.
chgrp gpio /sys/class/gpio/export /sys/class/gpio/unexport && chmod 220 /sys/class/gpio/export /sys/class/gpio/unexport
for file in direction value edge active_low; do
	[ ! -e "$1/$file" ] || { chgrp gpio "$1/$file" && chmod 660 "$1/$file"; }
done
exit 0
