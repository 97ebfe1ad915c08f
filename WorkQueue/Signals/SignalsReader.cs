using StackExchange.Redis;

namespace Keda.Inference.WorkQueue;

/// <summary>Reads what signals.lua returns.</summary>
internal static class SignalsReader
{
    public static QueueSignals Read(RedisResult[] parts)
    {
        var nowMs = parts[0].Number();
        var totals = parts[4].Counts();
        var counts = parts[9].Items().Select(minute => minute.Counts()).ToArray();
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
            Series = totals.Count == 0 ? [] : Series(nowMs / 1000, counts),
        };
    }

    // Four whole minutes are read, the last one begun; fields are a letter and the second within the minute.
    private static SecondCounts[] Series(long second, Dictionary<string, long>[] minutes)
    {
        var firstMinute = (second / 60) - 3;
        var series = new SecondCounts[QueueSignals.SeriesSeconds];
        for (var i = 0; i < series.Length; i++)
        {
            var at = second - series.Length + 1 + i;
            var counts = minutes[(at / 60) - firstMinute];
            long Of(char field) => counts.Count == 0 ? 0 : counts.GetValueOrDefault($"{field}{at % 60}");
            series[i] = new SecondCounts(at, (int)Of('a'), (int)Of('c'), Of('b') / 1e6, (int)Of('n'));
        }

        return series;
    }
}
