#!/bin/sh
# Does the bundle answer a spoken question on a Debian that has neither Python nor a network? As root:
#   sh installers/prove_bundle.sh FOLDER
# FOLDER is made with debootstrap (about 300 MB) unless it is there. Needs debootstrap and flite; build the bundle first.
set -eu
root=${1:?Name a folder for the Debian that is made: sh installers/prove_bundle.sh FOLDER}
here=$(cd "$(dirname "$0")/.." && pwd)
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}

[ -d "$root/usr" ] || debootstrap --variant=minbase bookworm "$root" "$mirror" >/dev/null
if chroot "$root" sh -c 'command -v python3 || command -v python' || ls "$root"/usr/lib/python3* 2>/dev/null; then
  echo "There is Python in $root, so this would prove nothing." >&2
  exit 1
fi
rm -rf "$root/opt/askaloud" "$root/home/joan"
mkdir -p "$root/home/joan"
tar -C "$root/opt" -xf "$here"/dist/askaloud-*-linux-*.tar.xz
flite -voice rms -t "what is palliative care" -o "$root/home/joan/question.wav"

# Without a network at all: only the loopback of an empty namespace is left.
joan() {
  env -i HOME=/home/joan PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 unshare -n chroot "$root" \
    sh -c 'cd /home/joan && exec /opt/askaloud/askaloud "$@"' askaloud "$@"
}
expect() {
  wanted=$1
  shift
  said=$(joan "$@" 2>&1) || { echo "FAILED: askaloud $*"; echo "$said"; exit 1; }
  case $said in
    *"$wanted"*) echo "ok    askaloud $*" ;;
    *) echo "FAILED: askaloud $*: \"$wanted\" is missing"; echo "$said"; exit 1 ;;
  esac
}

expect "askaloud, version" --version
expect "Muscle cramps." ask what helps with cramps
expect "Heard: what is palliative care" hear question.wav
expect '"engine":"whisper+pocketsphinx"' hear --json --wav reply.wav question.wav
[ "$(wc -c <"$root/home/joan/reply.wav")" -gt 100000 ] || { echo "FAILED: no spoken reply"; exit 1; }
expect "ok    voice: espeak-ng speaks" doctor
expect "voice is now pyttsx3" set voice pyttsx3
expect "ok    voice: pyttsx3 speaks" doctor
expect "starts when you log in" autostart on
expect "in the menu of programs" launcher on
expect "files about you" profile export mine.zip
expect "is kept in" profile import mine.zip
expect "0 to mend" check
grep -q '^Exec=/opt/askaloud/askaloud$' "$root/home/joan/.config/autostart/askaloud.desktop"
expect "Forgotten" forget --yes
echo "The bundle runs on $(cat "$root/etc/debian_version") without Python and without a network."
