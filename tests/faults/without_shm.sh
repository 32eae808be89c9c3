#!/bin/sh
# Run as `unshare --user --map-root-user --mount without_shm.sh FOLDER COMMAND...`: replaces /dev by FOLDER, without shm.
set -e
folder=$1
shift
for device in null zero full random urandom tty; do
  touch "$folder/$device"
  mount --bind "/dev/$device" "$folder/$device"
done
ln -s /proc/self/fd "$folder/fd"
mount --rbind "$folder" /dev
exec "$@"
