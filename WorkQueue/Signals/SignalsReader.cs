using StackExchange.Redis;

namespace Keda.Inference.WorkQueue;

/// <summary>Reads what signals.lua returns.</summary>
internal static class SignalsReader
{
    public static QueueSignals Read(RedisResult[] parts)
    {
        var nowMs = parts[0].Number();
        var totals = parts[4].Counts();
        return new QueueSignals
        {
            At = DateTimeOffset.FromUnixTimeMilliseconds(nowMs),
            Waiting = parts[1].Number(),
            InFlight = parts[2].Number(),
            OldestWaitingAge = parts[3].IsNull ? null : TimeSpan.FromMilliseconds(Math.Max(0, parts[3].Number())),
            Arrivals = totals.GetValueOrDefault("arrivals"),
            Completions = totals.GetValueOrDefault("completions"),
            Failures = totals.GetValueOrDefault("failures"),
            Rejections = totals.GetValueOrDefault("rejections"),
            Expirations = totals.GetValueOrDefault("expirations"),
            Refusals = totals.GetValueOrDefault("refusals"),
            DeadLettered = totals.GetValueOrDefault("deadlettered"),
            DeadLetters = parts[5].Number(),
            BusySeconds = totals.GetValueOrDefault("busy") / 1e6,
            LiveWorkers = (int)parts[6].Number(),
            ReadyWorkers = (int)parts[7].Number(),
            StartupSeconds = [.. parts[8].Items().Select(text => double.Parse(text.Text()))],
            Series = totals.Count == 0 ? [] : Series(nowMs / 1000, parts[9].Items()),
        };
    }

    // Four whole minutes are read, the last one begun; fields are a letter and the second within the minute. This is read at every call
    // of an autoscaler, so it goes through the fields that are there instead of asking for each that might be.
    private static SecondCounts[] Series(long second, RedisResult[] minutes)
    {
        var first = second - QueueSignals.SeriesSeconds + 1;
        var series = new SecondCounts[QueueSignals.SeriesSeconds];
        for (var i = 0; i < series.Length; i++)
            series[i] = new SecondCounts(first + i, 0, 0, 0, 0);
        for (var m = 0; m < minutes.Length; m++)
        {
            var minute = ((second / 60) - 3 + m) * 60;
            var fields = minutes[m].Items();
            for (var f = 0; f + 1 < fields.Length; f += 2)
            {
                var name = fields[f].Text();
                var index = minute + int.Parse(name.AsSpan(1)) - first;
                if (index >= 0 && index < series.Length)
                    series[index] = With(series[index], name[0], fields[f + 1].Number());
            }
        }

        return series;
    }

    private static SecondCounts With(SecondCounts counts, char field, long value) => field switch
    {
        'a' => counts with { Arrivals = (int)value },
        'c' => counts with { Completions = (int)value },
        'b' => counts with { BusySeconds = value / 1e6 },
        'n' => counts with { NotServed = (int)value },
        _ => counts,
    };
}
