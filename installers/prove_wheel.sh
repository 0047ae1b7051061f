#!/bin/sh
# Do the wheel and the sources install, each into an empty environment, and answer from another folder?
#   sh installers/prove_wheel.sh
# Needs Python 3.11 to 3.13 with pip and the network for the packages; takes a few minutes.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
export ASKALOUD_HOME="$room/home"

python3 -m venv "$room/builder"
"$room/builder/bin/pip" install -q build
"$room/builder/bin/python" -m build -o "$room/dist" "$here" >/dev/null
for file in "$room"/dist/*.whl "$room"/dist/*.tar.gz; do
  python3 -m venv --clear "$room/env"
  "$room/env/bin/pip" install -q "$file"
  cd "$room"
  "$room/env/bin/askaloud" ask what helps with cramps | grep -q '^Muscle cramps\.'
  "$room/env/bin/askaloud" ask --wav "$room/reply.wav" what is ALS >/dev/null
  "$room/env/bin/askaloud" hear "$room/reply.wav" | grep -q Heard:
  "$room/env/bin/askaloud" models list | grep -q 'In use: PocketSphinx'
  "$room/env/bin/askaloud" check | tail -1 | grep -q '^0 to mend'
  echo "ok    $(basename "$file")"
done
