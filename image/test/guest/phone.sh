#!/bin/sh
# A phone made of the guest's second simulated radio: its own network namespace, its own wpa_supplicant, its own DHCP
# client. It reaches the unit through the air only.
#   phone.sh take          moves the radio wlan1 into the namespace
#   phone.sh join SSID PASSWORD SECONDS   prints COMPLETED, or how it was refused
#   phone.sh lease         asks for an address and prints the offer
#   phone.sh leave
set -eu
here=${0%/*}
phone() { ip netns exec phone "$@"; }

case $1 in
  take)
    ip netns list | grep -q phone || ip netns add phone
    radio=$(iw dev wlan1 info | sed -n 's/^\twiphy //p')
    iw phy "phy$radio" set netns name phone
    phone ip link set lo up
    phone ip link set wlan1 up
    ;;
  join)
    rm -f "$here/said"
    printf 'network={\n ssid="%s"\n psk="%s"\n key_mgmt=WPA-PSK\n scan_ssid=1\n}\n' "$2" "$3" >"$here/network"
    phone wpa_supplicant -B -P "$here/pid" -D nl80211 -i wlan1 -c "$here/network" -f "$here/said"
    for _ in $(seq "$4"); do
      if grep -q 'CTRL-EVENT-CONNECTED' "$here/said"; then echo COMPLETED; exit; fi
      if grep -q 'reason=WRONG_KEY' "$here/said"; then echo WRONG_KEY; exit; fi
      sleep 1
    done
    tail -n 5 "$here/said"
    ;;
  lease)
    rm -f "$here/lease"
    phone "$here/busybox" udhcpc -i wlan1 -f -n -q -t 10 -s "$here/lease.sh" >"$here/udhcpc" 2>&1 || cat "$here/udhcpc"
    cat "$here/lease"
    ;;
  leave)
    if [ -e "$here/pid" ]; then
      pid=$(cat "$here/pid")
      kill "$pid"
      while [ -d "/proc/$pid" ]; do sleep 0.2; done
    fi
    phone ip addr flush dev wlan1
    ;;
esac
