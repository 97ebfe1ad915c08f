namespace Keda.Inference.LoadTest.Simulation;

/// <summary>How long a job occupies a replica.</summary>
internal abstract class ServiceTimes
{
    /// <summary>The mean in seconds.</summary>
    public abstract double MeanSeconds { get; }

    /// <summary>One job's time, for a job that starts its life at <paramref name="at"/> seconds into the run.</summary>
    public abstract double Draw(Random random, double at);

    /// <summary>Log-normal times with a mean of 1/rate and a coefficient of variation.</summary>
    public static ServiceTimes LogNormal(double rate, double cv) => new LogNormalTimes(1 / rate, cv);

    /// <summary>Times drawn from recorded ones.</summary>
    public static ServiceTimes Recorded(IReadOnlyList<double> seconds) => new RecordedTimes(seconds);

    /// <summary>One distribution until a moment, another from then on: a new model, or a busier machine.</summary>
    public static ServiceTimes Change(ServiceTimes before, double at, ServiceTimes after) => new ChangingTimes(before, at, after);

    private sealed class LogNormalTimes(double mean, double cv) : ServiceTimes
    {
        private readonly double _sigma = Math.Sqrt(Math.Log(1 + cv * cv));
        private readonly double _mu = Math.Log(mean) - Math.Log(1 + cv * cv) / 2;

        public override double MeanSeconds => mean;

        public override double Draw(Random random, double at) => cv == 0 ? mean : Math.Exp(_mu + _sigma * Normal(random));

        // Box and Muller's method.
        private static double Normal(Random random) =>
            Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    private sealed class RecordedTimes(IReadOnlyList<double> seconds) : ServiceTimes
    {
        public override double MeanSeconds { get; } = seconds.Average();

        public override double Draw(Random random, double at) => seconds[random.Next(seconds.Count)];
    }

    private sealed class ChangingTimes(ServiceTimes before, double change, ServiceTimes after) : ServiceTimes
    {
        public override double MeanSeconds => before.MeanSeconds;

        public override double Draw(Random random, double at) => (at < change ? before : after).Draw(random, at);
    }
}
