using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Workloads;

namespace Keda.Inference.LoadTest.Tests.Workloads;

public sealed class WorkloadInputTests
{
    [Theory]
    [InlineData("7 x 8", "line 1: 'x'")]
    [InlineData("7 -1", "'-1'")]
    [InlineData("NaN", "'NaN'")]
    [InlineData("0 0 0", "no requests")]
    [InlineData("# nothing", "no requests")]
    public void WorkloadFile_Wrong_SaysWhatAndWhere(string line, string message) =>
        Should.Throw<UsageException>(() => WorkloadFile.Parse([line], "load.txt")).Message.ShouldContain(message);

    [Fact]
    public void TraceFile_NumbersAndMoments_BecomeSecondsFromTheFirst()
    {
        TraceFile.Parse(["time,path", "12.5,/a", "", "10,/b", "11"], "t").ShouldBe([0, 1, 2.5]);
        TraceFile.Parse(["2025-06-30T12:00:00Z", "2025-06-30T12:00:01.25Z"], "t").ShouldBe([0, 1.25]);
    }

    [Theory]
    [InlineData("1\nyesterday", "line 2: 'yesterday'")]
    [InlineData("time", "no times")]
    public void TraceFile_Wrong_SaysWhatAndWhere(string text, string message) =>
        Should.Throw<UsageException>(() => TraceFile.Parse(text.Split('\n'), "t")).Message.ShouldContain(message);

    [Fact]
    public void TraceWorkload_Scaled_StretchesTimesAndRepeatsRequests()
    {
        var trace = new TraceWorkload("t", [0, 1, 2, 3], TimeScale: 0.5, RateScale: 2, Duration: TimeSpan.FromSeconds(1));
        trace.Schedule(1).ShouldBe([0, 0, 0.5, 0.5, 1, 1]);
    }

    [Theory]
    [InlineData("5-10")]
    [InlineData("5..x")]
    [InlineData("0..0")]
    public void Ramp_Wrong_IsAUsageError(string text) =>
        Should.Throw<UsageException>(() => ShapeText.Ramp(text, TimeSpan.FromSeconds(1))).Message.ShouldContain(ShapeText.RampForm);

    [Theory]
    [InlineData("7")]
    [InlineData("7:0s")]
    [InlineData("0:10s")]
    public void Steps_Wrong_IsAUsageError(string text) =>
        Should.Throw<UsageException>(() => ShapeText.Steps(text)).Message.ShouldContain(ShapeText.StepForm);

    [Theory]
    [InlineData("10,20,60s")]
    [InlineData("10,5")]
    public void Sine_Wrong_IsAUsageError(string text) =>
        Should.Throw<UsageException>(() => ShapeText.Sine(text, TimeSpan.FromSeconds(1))).Message.ShouldContain(ShapeText.SineForm);

    [Fact]
    public void Sine_WholePeriods_HaveTheMeanRate() =>
        ShapeText.Sine("20,15,10s", TimeSpan.FromSeconds(40)).Requests.ShouldBe(800, 0.5);

    [Fact]
    public void Steps_Given_FollowEachOther()
    {
        var steps = ShapeText.Steps("7:60s, 35:2m");
        steps.Seconds.ShouldBe(180);
        steps.RequestsUntil(60).ShouldBe(420);
        steps.Requests.ShouldBe(420 + 4200);
    }
}
