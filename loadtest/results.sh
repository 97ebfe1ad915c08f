#!/bin/sh
# The measurements of RESULTS.md, in its order. Run it on a quiet machine from the repository's root; it takes about 55 minutes, 45 of
# them for the last part. One part alone: loadtest/results.sh saturate | simulate | local
# What each part printed and kept is in results/ (or $RESULTS).
set -eu
part=${1:-all}
out=${RESULTS:-results}
case $part in all|saturate|simulate|local) ;; *) echo "$0: '$part' is not saturate, simulate, local or all" >&2; exit 2 ;; esac
dotnet build -c Release loadtest
mkdir -p "$out"

# loadtest NAME ARGUMENTS: prints, and keeps that and the report in $out/NAME. Exit code 1 is a run in which the generator lagged: the
# result says so, and the others are measured all the same.
status=0
loadtest() {
  name=$1
  shift
  code=0
  dotnet loadtest/bin/Release/net10.0/Keda.Inference.loadtest.dll "$@" --output "$out/$name" >"$out/$name.txt" || code=$?
  cat "$out/$name.txt"
  [ $code -le 1 ] || exit $code
  [ $code -eq 0 ] || status=1
}

if [ "$part" = all ] || [ "$part" = saturate ]; then
  # What one worker on one core carries; then the report's table 4.1 with rates about it.
  loadtest saturate-search saturate --local --cpu-limit 1 --rates none --probe 20s --start-rate 8 --precision 0.5
  loadtest saturate-table saturate --local --cpu-limit 1 --no-search --rates 6,8,12,16,20,24 --durations 10s,20s,30s
fi
if [ "$part" = all ] || [ "$part" = simulate ]; then
  loadtest simulate compare --simulate
  loadtest simulate-fast-lane compare --simulate --policies slo --fast-lane
  loadtest simulate-fifo compare --simulate --order fifo
fi
if [ "$part" = all ] || [ "$part" = local ]; then
  # Six workers of 0.22 cores leave two thirds of a core for the ingress, the store and the generator. Such a worker takes about twice as
  # long as the report's for a picture, so the load's rates and the queue target are scaled by 0.4 and the SLO is a second.
  loadtest local compare --local --cpu-limit 0.22 --rate-scale 0.4 --slo-ms 1000 --policies queue-proportional,slo,cpu-70,cpu-90 \
    --set queue-proportional.targetQueueLength=20
fi
exit $status
