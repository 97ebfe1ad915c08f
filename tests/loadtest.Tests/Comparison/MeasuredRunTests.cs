using Keda.Inference.LoadTest.Comparison;
using Keda.Inference.LoadTest.Live;
using Keda.Inference.LoadTest.Measuring;
using Keda.Inference.LoadTest.Sending;

namespace Keda.Inference.LoadTest.Tests.Comparison;

public sealed class MeasuredRunTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddDays(1);

    [Fact]
    public void ToMeasurement_ReplicasChange_CountsTheirSecondsWithinTheLoad()
    {
        var measurement = Run(
            Sample(-2, 1, null), Sample(0, 1, 0.2), Sample(10, 3, 0.6), Sample(20, 2, 0.5), Sample(35, 2, 2)).ToMeasurement();
        measurement.ReplicaSeconds.ShouldBe(10 * 1 + 10 * 3 + 10 * 2);
        measurement.PeakReplicas.ShouldBe(3);
        // 10 · 0.2 + 10 · 0.6 + 10 · 0.5 core-seconds, with half a core for each replica.
        measurement.BusySeconds.ShouldNotBeNull().ShouldBe(13 / 0.5, 1e-9);
        measurement.CpuSeconds.ShouldNotBeNull().ShouldBe(13, 1e-9);
        measurement.PeakCpuCores.ShouldBe(0.6);
        measurement.ScalingActions.ShouldBe(1);
        var result = PolicySummary.Of("slo", [measurement], 0.5, null);
        result.MeanCpuCores.ShouldNotBeNull().ShouldBe(13 / 30.0, 1e-9);
        result.PeakCpuCores.ShouldBe(0.6);
    }

    [Fact]
    public void ToMeasurement_CpuUnknown_IsNotZero()
    {
        var measurement = Run(Sample(0, 1, null), Sample(10, 1, null)).ToMeasurement();
        measurement.BusySeconds.ShouldBeNull();
        var result = PolicySummary.Of("slo", [measurement], 0.5, null);
        (result.MeanCpuCores, result.PeakCpuCores).ShouldBe((null, null));
    }

    [Fact]
    public void ToMeasurement_FailedRequests_NeverCountAsFast()
    {
        var measurement = Run(Sample(0, 1, null)).ToMeasurement();
        measurement.Latencies.Count(double.IsFinite).ShouldBe(2);
        measurement.Latencies.Count.ShouldBe(3); // the unfinished one is no request
    }

    [Fact]
    public void ToCalibration_Starts_AreThoseUnderTheLoad()
    {
        var run = Run(Sample(0, 1, null));
        run = run with
        {
            FirstLookAt = Start.AddSeconds(-2),
            Recording = run.Recording with { Records = [new RequestRecord { Outcome = Outcome.OkWithinSlo, QueueMs = 1, ServiceMs = 5, ServerMs = 7 }] },
        };
        var (first, later) = (new ReplicaStart(Start.AddSeconds(-3), 9), new ReplicaStart(Start.AddSeconds(8), 4));
        (run with { Starts = [first, later] }).ToCalibration().ShouldNotBeNull().StartupSeconds.ShouldBe([4]);
        (run with { Starts = [first] }).ToCalibration().ShouldNotBeNull().StartupSeconds.ShouldBe([9]);
        run.ToCalibration().ShouldNotBeNull().FirstLookSeconds.ShouldBe(-2);
    }

    [Fact]
    public void ToTimeline_Unknown_StaysUnknown()
    {
        var timeline = Run(Sample(0, 1, null), Sample(10, 2, 0.5)).ToTimeline();
        timeline.Points[10].Replicas.ShouldBe(2);
        timeline.Points[10].CpuCores.ShouldBe(0.5);
        timeline.Points[20].Replicas.ShouldBeNull(); // ten seconds without a sample
        timeline.Points[1].Waiting.ShouldBe(4);
        timeline.Points[20].Waiting.ShouldBeNull();
        timeline.Points[1].P99Ms.ShouldNotBeNull().ShouldBe(200, 1e-6);
        timeline.Decisions.Single().Seconds.ShouldBe(9);
    }

    private static ReplicaSample Sample(double seconds, int replicas, double? cores) => new(Start.AddSeconds(seconds), replicas, cores);

    private static MeasuredRun Run(params ReplicaSample[] samples) => new()
    {
        Policy = "slo",
        Samples = samples,
        Decisions = [(Start.AddSeconds(9), "replicas 1 -> 3"), (Start.AddSeconds(31), "replicas 3 -> 2")],
        DurationSeconds = 30,
        CoresPerReplica = 0.5,
        CpuSource = "test",
        Recording = new RunRecording
        {
            Plan = new RunPlan { Target = new Uri("http://127.0.0.1/"), Times = [0, 1, 2, 3], Pictures = [], Seed = 4 },
            StartedAt = Start,
            Records =
            [
                new RequestRecord { Intended = 0, Completed = 0.1, Outcome = Outcome.OkWithinSlo },
                new RequestRecord { Intended = 1, Completed = 1.2, Outcome = Outcome.Late },
                new RequestRecord { Intended = 2, Completed = 2.01, Outcome = Outcome.Error },
                new RequestRecord { Intended = 3, Completed = 3.01, Outcome = Outcome.Unfinished },
            ],
            Interrupted = false,
            PoolDelays = [],
            MeanBodyBytes = 1,
            Signals = [new SignalSample(0.5, 4, 1, 1)],
        },
    };
}
