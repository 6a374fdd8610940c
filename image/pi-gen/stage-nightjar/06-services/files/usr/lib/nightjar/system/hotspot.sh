#!/bin/sh
# The service has failed and will not come back by itself: a phone must reach the unit all the same (the page may be back
# in a minute; SSH and the log are there at once), if not over a WiFi that is joined, then over the hotspot. Then the
# service gets another chance, for as long as it takes.
# systemd 254 and later call this at each crash, not only at the last.
sleep 5
systemctl --quiet is-failed nightjar.service || exit 0
nmcli -t -f TYPE,STATE device | grep -q '^wifi:connected' || nmcli --wait 30 connection up nightjar-hotspot
sleep 60
systemctl reset-failed nightjar.service
systemctl start --no-block nightjar.service
