systemctl enable NetworkManager.service nftables.service avahi-daemon.service ssh.service
systemctl disable ssh.socket 2>/dev/null || true
# The start never waits for a network: the hotspot is what comes when there is none.
systemctl mask NetworkManager-wait-online.service systemd-networkd-wait-online.service
# pi-gen's second stage may have switched WiFi off for want of a country; the unit's setup sets it.
rm -f /var/lib/NetworkManager/NetworkManager.state
