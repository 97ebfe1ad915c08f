using CsCheck;
using Keda.Inference.ExternalScaler.Decisions;
using Keda.Inference.ExternalScaler.Tests.Support;
using Keda.Inference.ExternalScaler.Triggers;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.ExternalScaler.Tests.Decisions;

public sealed class DecisionEngineTests
{
    private static readonly ScaledObjectKey Key = new("default", "so", "q");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Evaluate_NumberGivenOutBefore_WaitsForOneRoundTrip()
    {
        var store = new MemoryDecisions { Waiting = 50 };
        var engine = store.Engine();
        await engine.EvaluateAsync(Key, Settings(), Cancellation);
        store.RoundTrips.ShouldBe(2, "a new number is stored before it is given out");

        for (var poll = 1; poll <= 10; poll++)
        {
            store.Now += TimeSpan.FromSeconds(15);
            await engine.EvaluateAsync(Key, Settings(), Cancellation);
        }

        store.RoundTrips.ShouldBe(12);
        store.History.Count.ShouldBe(11);
    }

    [Fact]
    public async Task Evaluate_OtherReplicaIsFaster_GivesItsNumber()
    {
        var store = new MemoryDecisions { Waiting = 100 };
        var (first, second) = (store.Engine(), store.Engine());
        int? other = null;
        store.BeforeCommit = () =>
        {
            other = second.EvaluateAsync(Key, Settings(), Cancellation).GetAwaiter().GetResult().Decision.DesiredReplicas;
            store.Waiting = 300;
        };

        var answer = (await first.EvaluateAsync(Key, Settings(), Cancellation)).Decision.DesiredReplicas;

        other.ShouldBe(2);
        answer.ShouldBe(2);
        store.History.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Evaluate_PollAFewMillisecondsEarly_DecidesAfresh()
    {
        var store = new MemoryDecisions { Waiting = 50 };
        var engine = store.Engine();
        await engine.EvaluateAsync(Key, Settings(), Cancellation);

        store.Waiting = 150;
        store.Now += TimeSpan.FromSeconds(14.95);

        (await engine.EvaluateAsync(Key, Settings(), Cancellation)).Decision.DesiredReplicas.ShouldBe(3);
    }

    [Fact]
    public async Task Evaluate_StateOfAnotherVersion_StartsAfresh()
    {
        var store = new MemoryDecisions { Waiting = 100 };
        await store.CommitAsync(Key, 0, "not a state"u8.ToArray(), DecisionBytes(store), Cancellation);

        (await store.Engine().EvaluateAsync(Key, Settings(), Cancellation)).Decision.DesiredReplicas.ShouldBe(2);
    }

    [Fact]
    public void Evaluate_AnyLoad_TwoReplicasAskedAlternatelyAreOneWithinBoundsAndAskingTwiceDecidesOnce() =>
        Gen.Select(
            Gen.Select(Gen.Int[0, 400], Gen.Int[0, 40], Gen.Double[0, 40], Gen.Int[0, 6]).List[1, 40],
            Gen.OneOfConst("queue-proportional", "queue-depth", "slo"), Gen.Int[0, 2], Gen.Int[2, 9])
            .Sample(
                (steps, policy, min, max) =>
                {
                    var (alone, pair) = (new MemoryDecisions(), new MemoryDecisions());
                    var single = alone.Engine();
                    DecisionEngine[] replicas = [pair.Engine(), pair.Engine()];
                    var settings = Settings(("policy", policy), ("cooldownSeconds", "30"));
                    for (var i = 0; i < steps.Count; i++)
                    {
                        var (waiting, inFlight, seconds, current) = steps[i];
                        foreach (var store in new[] { alone, pair })
                        {
                            (store.Waiting, store.InFlight) = (waiting, inFlight);
                            store.Now += TimeSpan.FromSeconds(seconds);
                            store.Scale = new LocalScaleRecord(Math.Clamp(current, min, max), min, max);
                        }
                        var expected = Ask(single, settings);
                        Ask(replicas[i % 2], settings).ShouldBe(expected);
                        Ask(replicas[(i + 1) % 2], settings).ShouldBe(expected);
                        expected.ShouldBeInRange(min, max);
                    }
                },
                iter: 200);

    [Fact]
    public void Evaluate_ProportionalWithinCooldown_NeverChanges() =>
        Gen.Select(Gen.Int[51, 400], Gen.Select(Gen.Int[0, 1000], Gen.Double[0, 20]).List[1, 20]).Sample(
            (first, steps) =>
            {
                var store = new MemoryDecisions { Waiting = first };
                var engine = store.Engine();
                var settings = Settings(("cooldownSeconds", "600"));
                var decided = Ask(engine, settings);
                store.Scale = new LocalScaleRecord(decided, 1, 6);
                var passed = 0.0;
                foreach (var (waiting, seconds) in steps)
                {
                    passed += seconds;
                    store.Waiting = waiting;
                    store.Now += TimeSpan.FromSeconds(seconds);
                    if (passed < 600)
                        Ask(engine, settings).ShouldBe(decided);
                }
            },
            iter: 200);

    [Fact]
    public void StoredState_AnyContent_ComesBack() =>
        Gen.Select(Gen.Int, Gen.Long, Gen.Byte.Array[0, 300]).Sample((desired, at, policy) =>
        {
            var read = StoredState.Read(StoredState.Write(desired, at, policy));
            return read.Desired == desired && read.RecordedAtMs == at && read.Policy.Span.SequenceEqual(policy);
        });

    [Fact]
    public void StoredState_AnyBytes_NeverThrows() => Gen.Byte.Array[0, 40].Sample(bytes => _ = StoredState.Read(bytes));

    private static int Ask(DecisionEngine engine, TriggerSettings settings) =>
        engine.EvaluateAsync(Key, settings, CancellationToken.None).GetAwaiter().GetResult().Decision.DesiredReplicas;

    private static TriggerSettings Settings(params (string Key, string Value)[] metadata)
    {
        var all = new Dictionary<string, string> { ["queue"] = "q" };
        foreach (var (key, value) in metadata)
            all[key] = value;
        return TriggerParser.Parse(all);
    }

    private static byte[] DecisionBytes(MemoryDecisions store) => new DecisionRecord
    {
        At = store.Now, Policy = "p", Desired = 0, Current = 0, Ready = 0, Min = 0, Max = 0, Waiting = 0, InFlight = 0, Active = false,
        Reason = "", ReasonCode = "", Numbers = new Dictionary<string, double>(),
    }.ToBytes();
}
