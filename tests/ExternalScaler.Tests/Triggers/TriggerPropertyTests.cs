using CsCheck;
using Keda.Inference.ExternalScaler.Service;
using Keda.Inference.ExternalScaler.Triggers;

namespace Keda.Inference.ExternalScaler.Tests.Triggers;

public sealed class TriggerPropertyTests
{
    private static readonly Gen<string> Key = Gen.OneOf(Gen.OneOfConst([.. MetadataKeys.Own, .. MetadataKeys.OfKeda]), Gen.String[0, 30]);

    [Fact]
    public void Parse_AnyMetadata_IsSettingsOrErrors() =>
        Gen.Dictionary(Key, Gen.OneOf(Gen.String[0, 40], Gen.Double.Select(value => $"{value}"), Gen.OneOfConst("true", "slo", "a,b", "7", "")))
            .Sample(metadata =>
            {
                try
                {
                    return TriggerParser.Parse(metadata).Queue.Length > 0;
                }
                catch (TriggerException error)
                {
                    return error.Errors.Count > 0;
                }
            });

    [Fact]
    public void Cache_MetadataChanges_IsNeverStale() =>
        Gen.Select(Gen.Int[1, 3], Gen.Bool).List[1, 30].Sample(steps =>
        {
            var cache = new TriggerCache();
            foreach (var (max, fast) in steps)
            {
                var settings = cache.Of("default", "so", new Dictionary<string, string>
                {
                    ["queue"] = "q", ["maxReplicas"] = $"{max}", ["fastLane"] = fast ? "true" : "false",
                });
                if (settings.MaxReplicas != max || settings.FastLane != fast)
                    return false;
            }
            return true;
        });

    [Fact]
    public void Trailer_AnyReason_IsPrintableAscii() =>
        Gen.String.Sample(reason => MetricContract.Trailer(reason).All(character => character is >= ' ' and <= '~'));

    [Theory]
    [InlineData("coolDownSecs", "cooldownSeconds")]
    [InlineData("target", "targetLatencyMs")]
    [InlineData("QUEUE", "queue")]
    [InlineData("max", "maxReplicas")]
    [InlineData("upStreams", "upstream")]
    public void NearestName_Mistyped_IsTheOneMeant(string mistyped, string meant) =>
        NearestName.Of(mistyped, MetadataKeys.Own).ShouldBe(meant);
}
