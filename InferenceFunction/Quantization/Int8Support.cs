using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Keda.Inference.InferenceFunction.Quantization;

/// <summary>What this processor makes of int8.</summary>
internal enum Int8Level
{
    /// <summary>No instructions that ONNX Runtime's int8 kernels could gain by.</summary>
    NoGain,

    /// <summary>Products of bytes are summed in 16 bits: faster than fp32, and eight-bit weights may overflow.</summary>
    SixteenBitSums,

    /// <summary>Dot products of bytes with 32-bit sums (VNNI, or ARM's dot product).</summary>
    DotProduct,
}

/// <summary>Tells whether int8 is worth while here.</summary>
internal static class Int8Support
{
    private const int StructuredFeatures = 7;

    public static Int8Level Level { get; } = Detect();

    /// <summary>One line for the log when int8 models gain nothing here or may lose accuracy; null when all is well.</summary>
    public static string? Warning(Int8Level level, int? weightBits) => level switch
    {
        Int8Level.NoGain => "This processor has neither AVX2 nor a dot product of bytes: an int8 model gains no speed here; set Model:Precision to fp32.",
        Int8Level.SixteenBitSums when weightBits != 7 =>
            "This processor has no VNNI: sums of eight-bit weights may overflow 16 bits. Make the model with 'model quantize --weight-bits 7', which cannot.",
        _ => null,
    };

    private static Int8Level Detect()
    {
        if (Dp.IsSupported || AvxVnni.IsSupported || HasAvx512Vnni())
            return Int8Level.DotProduct;
        return Avx2.IsSupported || AdvSimd.IsSupported ? Int8Level.SixteenBitSums : Int8Level.NoGain;
    }

    // AVX512_VNNI: leaf 7, bit 11 of ecx. The runtime has no name for it; that the system keeps the registers, it does say.
    private static bool HasAvx512Vnni() =>
        Avx512BW.VL.IsSupported && X86Base.CpuId(0, 0).Eax >= StructuredFeatures
        && (X86Base.CpuId(StructuredFeatures, 0).Ecx & (1 << 11)) != 0;
}
