using System.Text.RegularExpressions;
using Keda.Inference.ExternalScaler.Policies;
using Keda.Inference.ExternalScaler.Triggers;
using Keda.Inference.Testing;

namespace Keda.Inference.ExternalScaler.Tests.Documentation;

public sealed partial class ReadmeTests
{
    private static readonly string Text = File.ReadAllText(RepositoryPaths.Of("ExternalScaler", "README.md"));

    [Fact]
    public void MetadataTable_Keys_AreExactlyThoseTheParserKnows()
    {
        var section = Text[Text.IndexOf("## Trigger metadata", StringComparison.Ordinal)..Text.IndexOf("## What it promises", StringComparison.Ordinal)];

        TableKey().Matches(section).Select(match => match.Groups[1].Value).ShouldBe(MetadataKeys.Own);
        foreach (var key in MetadataKeys.OfKeda)
            section.ShouldContain($"`{key}`");
    }

    [Fact]
    public void Reasons_Listed_AreThoseOfThePolicies()
    {
        foreach (var code in ReasonCodes.All)
            Text.ShouldContain($"`{code}`");
    }

    [GeneratedRegex(@"^\| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex TableKey();
}
