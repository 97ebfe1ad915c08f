using Keda.Inference.InferenceFunction.Quantization;

namespace Keda.Inference.InferenceFunction.Tests.Quantization;

public class Int8SupportTests
{
    [Theory]
    [InlineData(nameof(Int8Level.NoGain), 8, "gains no speed here")]
    [InlineData(nameof(Int8Level.NoGain), null, "gains no speed here")]
    [InlineData(nameof(Int8Level.SixteenBitSums), 8, "--weight-bits 7")]
    [InlineData(nameof(Int8Level.SixteenBitSums), null, "--weight-bits 7")]
    public void Processor_ThatGainsLess_IsSaidInOneLine(string level, int? weightBits, string words)
    {
        var warning = Int8Support.Warning(Enum.Parse<Int8Level>(level), weightBits);

        warning.ShouldNotBeNull().ShouldContain(words);
        warning.ShouldNotContain('\n');
    }

    [Theory]
    [InlineData(nameof(Int8Level.SixteenBitSums), 7)]
    [InlineData(nameof(Int8Level.DotProduct), 8)]
    [InlineData(nameof(Int8Level.DotProduct), null)]
    public void Processor_ThatSuitsTheModel_IsNotMentioned(string level, int? weightBits) =>
        Int8Support.Warning(Enum.Parse<Int8Level>(level), weightBits).ShouldBeNull();
}
