namespace Keda.Inference.LoadTest.Tests.Workloads;

/// <summary>
/// How <c>loadtest/workload.txt</c> was made: a rate over time of the report's shape (about 7 a second, a step to about 35 at second 254, a
/// gradual return), noise from a fixed seed, and single requests added or taken until there are exactly 9,917.
/// </summary>
internal static class StandardWorkloadRecipe
{
    public const int Seconds = 630;
    public const int Requests = 9917;
    public const int Lowest = 4;
    public const int Highest = 44;

    private static readonly (int Second, double Rate)[] Shape =
        [(0, 7), (254, 7), (254, 18), (264, 33), (272, 35), (320, 37), (345, 37), (360, 33), (415, 34), (440, 19), (465, 16), (484, 8.5), (630, 7.7)];

    public static int[] Rates()
    {
        var random = new Random(630);
        var rates = new int[Seconds];
        for (var second = 0; second < Seconds; second++)
        {
            var rate = RateAt(second + 0.5);
            // The sum of twelve uniform numbers is nearly normal, with a variance of 1.
            var normal = Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6;
            rates[second] = (int)Math.Clamp(Math.Round(rate + normal * Math.Sqrt(rate * 0.2)), Lowest + 1, Highest - 1);
        }
        rates[random.Next(20, 240)] = Lowest;
        rates[random.Next(290, 340)] = Highest;
        for (var missing = Requests - rates.Sum(); missing != 0; missing -= Math.Sign(missing))
        {
            int second;
            do
                second = random.Next(Seconds);
            while (rates[second] is <= Lowest + 1 or >= Highest - 1);
            rates[second] += Math.Sign(missing);
        }
        return rates;
    }

    public static string Text() =>
        "# Requests per second, one number a second: the project's own load with the report's shape.\n"
        + "# 630 s, 9,917 requests, 4 to 44 a second; a step from about 7 to about 35 at second 254.\n"
        + string.Concat(Rates().Chunk(30).Select(row => string.Join(' ', row) + "\n"));

    private static double RateAt(double second)
    {
        for (var i = Shape.Length - 1; i > 0; i--)
        {
            var ((from, low), (to, high)) = (Shape[i - 1], Shape[i]);
            if (second >= from && to > from)
                return low + (high - low) * (second - from) / (to - from);
        }
        return Shape[0].Rate;
    }
}
