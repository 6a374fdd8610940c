# Places to mount on: the root cannot make them later.
mkdir -p /data /boot/nightjar /var/log/journal /var/lib/NetworkManager /var/lib/chrony /var/lib/systemd
systemctl enable nightjar-data.service
