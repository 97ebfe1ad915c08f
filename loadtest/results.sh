#!/bin/sh
# The measurements of RESULTS.md, in its order. Run it on a quiet machine from the repository's root; it takes about 80 minutes.
# One part alone: loadtest/results.sh saturate | local | simulate
set -eu
part=${1:-all}
out=${RESULTS:-results}
dotnet build -c Release loadtest
loadtest() { dotnet loadtest/bin/Release/net10.0/Keda.Inference.loadtest.dll "$@"; }

if [ "$part" = all ] || [ "$part" = simulate ]; then
  loadtest compare --simulate --output "$out/simulate"
fi
if [ "$part" = all ] || [ "$part" = saturate ]; then
  # What one worker on one core carries; then the report's table 4.1 with rates about it.
  loadtest saturate --local --cpu-limit 1 --rates none --probe 30s --start-rate 8 --precision 0.5
  loadtest saturate --local --cpu-limit 1 --no-search --rates 6,8,12,16,20,24 --durations 15s,30s,45s,60s
fi
if [ "$part" = all ] || [ "$part" = local ]; then
  # Six workers of 0.22 cores leave two thirds of a core for the ingress, the store and the generator. Such a worker takes about twice as
  # long as the report's for a picture, so the load's rates and the queue target are scaled by 0.4 and the SLO is a second.
  loadtest compare --local --cpu-limit 0.22 --rate-scale 0.4 --slo-ms 1000 --set queue-proportional.targetQueueLength=20 --output "$out/local"
fi
