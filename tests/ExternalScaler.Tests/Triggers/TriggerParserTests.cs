using Keda.Inference.ExternalScaler.Policies;
using Keda.Inference.ExternalScaler.Triggers;

namespace Keda.Inference.ExternalScaler.Tests.Triggers;

public sealed class TriggerParserTests
{
    [Fact]
    public void Parse_OnlyQueue_TakesTheReportsDefaults()
    {
        var settings = TriggerParser.Parse(Metadata());

        settings.Queue.ShouldBe("resnet18");
        settings.Policy.Name.ShouldBe("queue-proportional");
        settings.PollSeconds.ShouldBe(15);
        settings.ActivationQueueLength.ShouldBe(0);
        settings.FastLane.ShouldBeFalse();
        settings.MinReplicas.ShouldBeNull();
        settings.MaxReplicas.ShouldBeNull();
        settings.Deployment.ShouldBeNull();
        settings.Upstream.ShouldBeEmpty();
    }

    [Fact]
    public void Parse_EveryKeyOfKeda_IsAccepted()
    {
        var metadata = Metadata();
        foreach (var key in MetadataKeys.OfKeda)
            metadata[key] = "anything";

        Should.NotThrow(() => TriggerParser.Parse(metadata));
    }

    [Theory]
    [InlineData("queue-proportional")]
    [InlineData("queue-depth")]
    [InlineData("slo")]
    public void Parse_EveryOwnKey_IsAcceptedByEveryPolicy(string policy)
    {
        var metadata = new Dictionary<string, string>
        {
            ["queue"] = "resnet18", ["policy"] = policy, ["targetQueueLength"] = "7", ["cooldownSeconds"] = "0", ["pollSeconds"] = "2.5",
            ["requireReady"] = "False", ["targetLatencyMs"] = "250", ["startupSeconds"] = "3.5", ["fastLane"] = "FALSE",
            ["deployment"] = "resnet18-b", ["minReplicas"] = "2", ["maxReplicas"] = "9", ["activationQueueLength"] = "4",
            ["upstream"] = "detect, crop",
        };
        metadata.Keys.ShouldBe(MetadataKeys.Own, ignoreOrder: true);

        var settings = TriggerParser.Parse(metadata);

        settings.Policy.Name.ShouldBe(policy);
        (settings.PollSeconds, settings.FastLane, settings.Deployment, settings.MinReplicas, settings.MaxReplicas)
            .ShouldBe((2.5, false, "resnet18-b", 2, 9));
        settings.ActivationQueueLength.ShouldBe(4);
        settings.Upstream.ShouldBe(["detect", "crop"]);
    }

    [Theory]
    [InlineData("queue", "", "queue is missing")]
    [InlineData("queue", "Bad Queue", "queue is 'Bad Queue'")]
    [InlineData("policy", "queue-dept", "policy is 'queue-dept'; did you mean queue-depth?")]
    [InlineData("policy", "cpu-70", "a cpu policy is a trigger of type cpu")]
    [InlineData("targetQueueLength", "0", "targetQueueLength is '0'; a whole number from 1 to")]
    [InlineData("targetQueueLength", "1e3", "targetQueueLength is '1e3'")]
    [InlineData("cooldownSeconds", "-1", "cooldownSeconds is '-1'; a number from 0 to")]
    [InlineData("cooldownSeconds", "NaN", "cooldownSeconds is 'NaN'")]
    [InlineData("pollSeconds", "0", "pollSeconds is '0'")]
    [InlineData("requireReady", "yes", "requireReady is 'yes'; true or false is needed.")]
    [InlineData("targetLatencyMs", "Infinity", "targetLatencyMs is 'Infinity'")]
    [InlineData("startupSeconds", "-3", "startupSeconds is '-3'")]
    [InlineData("fastLane", "1", "fastLane is '1'")]
    [InlineData("deployment", "Resnet/18", "deployment is 'Resnet/18'")]
    [InlineData("minReplicas", "1.5", "minReplicas is '1.5'")]
    [InlineData("maxReplicas", "0", "maxReplicas is '0'")]
    [InlineData("activationQueueLength", "-1", "activationQueueLength is '-1'")]
    [InlineData("upstream", "resnet18", "upstream names 'resnet18', the queue itself")]
    [InlineData("upstream", "a,B", "upstream names 'B'")]
    [InlineData("coolDownSecond", "5", "coolDownSecond is not a known key; did you mean cooldownSeconds?")]
    [InlineData("listName", "x", "listName is not a known key; did you mean")]
    public void Parse_BadValue_NamesTheKeyAndWhatWouldBeRight(string key, string value, string expected)
    {
        var metadata = Metadata();
        metadata[key] = value;

        var error = Should.Throw<TriggerException>(() => TriggerParser.Parse(metadata));

        error.Errors.ShouldHaveSingleItem().ShouldContain(expected);
    }

    [Fact]
    public void Parse_ManyErrors_ReportsAllAtOnce()
    {
        var metadata = new Dictionary<string, string>
        {
            ["policy"] = "slo", ["targetLatencyMs"] = "fast", ["minReplicas"] = "5", ["maxReplicas"] = "2", ["fastlane"] = "true",
        };

        var error = Should.Throw<TriggerException>(() => TriggerParser.Parse(metadata));

        error.Errors.Count.ShouldBe(4);
        error.Message.ShouldContain("queue is missing");
        error.Message.ShouldContain("fastlane is not a known key; did you mean fastLane?");
        error.Message.ShouldContain("minReplicas is 5 and maxReplicas is 2");
    }

    [Fact]
    public void Parse_FastLane_IsReadWhateverItsCase()
    {
        var metadata = Metadata();
        metadata["fastLane"] = "TRUE";

        TriggerParser.Parse(metadata).FastLane.ShouldBeTrue();
    }

    [Fact]
    public void Parse_FastLaneOnAnotherDeployment_IsRefused()
    {
        var metadata = Metadata();
        (metadata["fastLane"], metadata["deployment"]) = ("true", "other");

        Should.Throw<TriggerException>(() => TriggerParser.Parse(metadata)).Errors.ShouldHaveSingleItem()
            .ShouldContain("leave out deployment (the fast lane raises the ScaledObject's own target) or fastLane");
    }

    [Fact]
    public void Parse_HugeValue_IsRefusedWithoutRepeatingIt()
    {
        var metadata = Metadata();
        metadata["deployment"] = new string('x', 5000);

        Should.Throw<TriggerException>(() => TriggerParser.Parse(metadata)).Message.Length.ShouldBeLessThan(200);
    }

    [Theory]
    [InlineData("queue-proportional", 50)]
    [InlineData("queue-depth", 1)]
    public void Parse_TargetAbsent_DependsOnPolicy(string policy, int expected)
    {
        var target = PolicyFactory.DefaultOptions(policy) switch
        {
            QueueProportionalOptions proportional => proportional.TargetQueueLength,
            QueueDepthOptions depth => depth.TargetQueueLength,
            _ => 0,
        };

        target.ShouldBe(expected);
    }

    private static Dictionary<string, string> Metadata() => new() { ["queue"] = "resnet18" };
}
