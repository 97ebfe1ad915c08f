using Keda.Inference.InferenceFunction.Onnx;

namespace Keda.Inference.InferenceFunction.Quantization.Preparation;

/// <summary>
/// Folds a batch normalisation into the convolution before it: with g = scale / √(variance + ε), the weights of an output channel are
/// multiplied by g and its bias becomes (bias - mean) · g + offset.
/// </summary>
internal static class BatchNormFolding
{
    /// <summary>Folds all that can be folded and returns how many.</summary>
    public static int Apply(GraphProto graph)
    {
        var folded = 0;
        foreach (var conv in graph.Node.Where(node => node.OpType == "Conv").ToList())
        {
            var index = new GraphIndex(graph);
            if (index.OnlyConsumer(conv.Output[0]) is { OpType: "BatchNormalization" } norm && TryFold(index, conv, norm))
                folded++;
        }

        GraphCleaning.RemoveUnread(graph);
        return folded;
    }

    /// <summary>The folded weights and bias.</summary>
    internal static (float[] Weights, float[] Bias) Fold(
        float[] weights, float[]? bias, float[] scale, float[] offset, float[] mean, float[] variance, float epsilon)
    {
        var channels = scale.Length;
        var perChannel = weights.Length / channels;
        var newWeights = new float[weights.Length];
        var newBias = new float[channels];
        for (var channel = 0; channel < channels; channel++)
        {
            var factor = scale[channel] / Math.Sqrt((double)variance[channel] + epsilon);
            for (var i = channel * perChannel; i < (channel + 1) * perChannel; i++)
                newWeights[i] = (float)(weights[i] * factor);
            newBias[channel] = (float)((((bias?[channel] ?? 0.0) - mean[channel]) * factor) + offset[channel]);
        }

        return (newWeights, newBias);
    }

    private static bool TryFold(GraphIndex index, NodeProto conv, NodeProto norm)
    {
        var weights = index.ConstantInput(conv, 1);
        var bias = index.ConstantInput(conv, 2);
        TensorProto?[] normal = [.. Enumerable.Range(1, 4).Select(input => index.ConstantInput(norm, input))];
        var hasOpenBias = conv.Input.Count > 2 && conv.Input[2].Length > 0 && bias is null;
        var trains = norm.Int("training_mode", 0) != 0 || norm.Output.Skip(1).Any(output => output.Length > 0 && index.Consumers(output).Count > 0);
        if (weights is null || hasOpenBias || trains || normal.Any(tensor => tensor is null))
            return false;

        var values = normal.Select(tensor => tensor!.ToFloats()).ToArray();
        if (values.Any(value => value.Length != weights.Dims[0]))
            throw new InvalidDataException($"the normalisation '{norm.Name}' has {values[0].Length} channels, and the convolution '{conv.Name}' before it {weights.Dims[0]}");

        var (newWeights, newBias) = Fold(
            weights.ToFloats(), bias?.ToFloats(), values[0], values[1], values[2], values[3], norm.Float("epsilon", 1e-5f));
        var weightName = index.Fresh(weights.Name + "_folded");
        var biasName = index.Fresh((conv.Name.Length > 0 ? conv.Name : conv.Output[0]) + "_bias_folded");
        index.Graph.Initializer.Add(Tensors.Floats(weightName, newWeights, [.. weights.Dims]));
        index.Graph.Initializer.Add(Tensors.Floats(biasName, newBias, newBias.Length));
        var input = conv.Input[0];
        conv.Input.Clear();
        conv.Input.Add([input, weightName, biasName]);
        conv.Output[0] = norm.Output[0];
        index.Graph.Node.Remove(norm);
        return true;
    }
}
