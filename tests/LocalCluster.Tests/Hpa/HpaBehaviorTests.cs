using Keda.Inference.LocalCluster.Hpa;

namespace Keda.Inference.LocalCluster.Tests.Hpa;

/// <summary>Policies and stabilisation windows: each step is second, value asked for, expected replicas.</summary>
public class HpaBehaviorTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly HpaScalingRules AtOnce = new() { StabilizationWindow = TimeSpan.Zero, Policies = [HpaScalingPolicy.Percent(100, 15)] };

    [Fact]
    public void DefaultScaleUp_TakesTheLargerOfTheDoubleAndFour()
    {
        Replay(new HpaBehavior(), 1, (0, 40, 5), (15, 40, 10), (30, 40, 20), (45, 40, 40));
    }

    [Fact]
    public void ScaleUp_WithinThePeriod_CountsWhatWasAdded()
    {
        // Four were added at second 0, so until second 15 has passed the start of the period is still one.
        Replay(new HpaBehavior(), 1, (0, 40, 5), (10, 40, 5), (14, 40, 5), (16, 40, 10));
    }

    [Theory]
    [InlineData("Max", 3, 7)]
    [InlineData("Min", 3, 6)]
    [InlineData("Disabled", 3, 3)]
    public void ScaleUp_SelectPolicy_PicksTheLimit(string select, int current, int expected)
    {
        var rules = new HpaScalingRules
        {
            StabilizationWindow = TimeSpan.Zero, SelectPolicy = Enum.Parse<HpaSelectPolicy>(select),
            Policies = [HpaScalingPolicy.Pods(4, 15), HpaScalingPolicy.Percent(100, 15)],
        };
        Replay(new HpaBehavior { ScaleUp = rules }, current, (0, 40, expected));
    }

    [Theory]
    [InlineData("Max", 20, 16)]
    [InlineData("Min", 20, 18)]
    [InlineData("Disabled", 20, 20)]
    public void ScaleDown_SelectPolicy_PicksTheLimit(string select, int current, int expected)
    {
        var rules = new HpaScalingRules
        {
            StabilizationWindow = TimeSpan.Zero, SelectPolicy = Enum.Parse<HpaSelectPolicy>(select),
            Policies = [HpaScalingPolicy.Pods(4, 60), HpaScalingPolicy.Percent(10, 60)],
        };
        Replay(new HpaBehavior { ScaleDown = rules }, current, (0, 1, expected));
    }

    [Fact]
    public void ScaleUp_PercentOfOne_IsRoundedUp()
    {
        var rules = new HpaScalingRules { StabilizationWindow = TimeSpan.Zero, Policies = [HpaScalingPolicy.Percent(10, 15)] };
        Replay(new HpaBehavior { ScaleUp = rules }, 1, (0, 9, 2), (15, 9, 3));
    }

    [Fact]
    public void ReportScaleDown_FallsByATenthAMinuteAfterFiveMinutes()
    {
        // The window holds six until the last sync that wanted six is 300 s old; then 10% of six, cut off, is one a minute.
        Replay(HpaBehavior.Report, 6, (0, 6, 6), (15, 1, 6), (150, 1, 6), (299, 1, 6), (301, 1, 5), (330, 1, 5), (360, 1, 5), (361, 1, 4), (420, 1, 4), (421, 1, 3));
    }

    [Fact]
    public void ScaleUpWindow_TakesTheLowestOfTheWindow()
    {
        var behavior = new HpaBehavior { ScaleUp = AtOnce with { StabilizationWindow = TimeSpan.FromSeconds(60), Policies = [HpaScalingPolicy.Pods(100, 15)] } };
        Replay(behavior, 2, (0, 2, 2), (30, 8, 2), (59, 8, 2), (61, 8, 8));
    }

    [Fact]
    public void ScaleUpWindow_ShortSpike_IsNotFollowed()
    {
        var behavior = new HpaBehavior { ScaleUp = AtOnce with { StabilizationWindow = TimeSpan.FromSeconds(60) }, ScaleDown = AtOnce };
        Replay(behavior, 2, (0, 2, 2), (15, 4, 2), (30, 2, 2), (45, 4, 2), (75, 4, 2), (95, 4, 4));
    }

    [Fact]
    public void BothWindows_KeepTheCurrentCountBetweenThem()
    {
        var window = TimeSpan.FromSeconds(60);
        var behavior = new HpaBehavior { ScaleUp = AtOnce with { StabilizationWindow = window }, ScaleDown = AtOnce with { StabilizationWindow = window } };
        // Recommendations of 2 and 5 lie in the window, so 3 stays although 5 and then 2 are asked for.
        Replay(behavior, 3, (0, 3, 3), (10, 5, 3), (20, 2, 3), (30, 5, 3), (71, 5, 3), (85, 5, 5));
    }

    [Fact]
    public void ScaleDown_WithinThePeriod_CountsWhatWasAddedToo()
    {
        var behavior = new HpaBehavior
        {
            ScaleUp = AtOnce with { Policies = [HpaScalingPolicy.Pods(100, 60)] },
            ScaleDown = AtOnce with { Policies = [HpaScalingPolicy.Pods(2, 60)] },
        };
        // Four more at second 0 put the start of the period at 6: 6 − 2 = 4 is the limit, not 8.
        Replay(behavior, 6, (0, 10, 10), (30, 1, 4), (45, 1, 4));
    }

    [Fact]
    public void Exact_FollowsEveryNumber()
    {
        Replay(HpaBehavior.Exact, 1, (0, 40, 40), (15, 39, 39), (30, 1, 1), (45, 2, 2));
    }

    [Fact]
    public void OfQueueDepth_RisesAtOnceAndKeepsTheHighestOfAMinute()
    {
        Replay(HpaBehavior.Of("queue-depth"), 1, (0, 40, 40), (15, 2, 40), (30, 11, 40), (59, 2, 40), (61, 2, 11), (75, 2, 11), (91, 2, 2));
    }

    private static void Replay(HpaBehavior behavior, int current, params (int Second, double Value, int Expected)[] steps)
    {
        var spec = new HpaSpec { MinReplicas = 1, MaxReplicas = 40, Behavior = behavior };
        var state = new HpaState();
        if (steps[0].Value != current)
            state.Begin(current, Start.AddDays(-1));
        foreach (var (second, value, expected) in steps)
        {
            var result = HpaController.Compute([new ExternalAverageMetric(value, 1)], [], current, spec, state, Start.AddSeconds(second));
            result.Replicas.ShouldBe(expected, $"second {second}: {result.Reason}");
            current = result.Replicas;
        }
    }
}
