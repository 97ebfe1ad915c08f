using Keda.Inference.InferenceFunction.Onnx;

namespace Keda.Inference.InferenceFunction.Models.Untrained;

/// <summary>Adds layers with seeded weights to a graph; each returns the name of its output.</summary>
internal sealed class LayerWriter(string name, long seed, IReadOnlyList<ActivationStatistics>? convolutionInputs = null)
{
    private ulong _tensors;
    private int _convolutions;

    public GraphProto Graph { get; } = new() { Name = name };

    /// <summary>
    /// A convolution without bias and the batch normalisation after it, whose running statistics follow from the weights and from what
    /// the convolution's input is like.
    /// </summary>
    public string Convolution(
        string name, string normName, string x, int channels, int width, int kernel, int stride, float scale = 1)
    {
        var input = convolutionInputs?[_convolutions++] ?? ActivationStatistics.Standard;
        var fanIn = channels * kernel * kernel;
        var weights = HeNormal(width * fanIn, fanOut: width * kernel * kernel);
        Graph.Initializer.Add(Tensors.Floats($"{name}.weight", weights, width, channels, kernel, kernel));
        var pad = kernel / 2;
        Graph.Node.Add(
            new NodeProto { OpType = "Conv", Name = name, Input = { x, $"{name}.weight" }, Output = { name } }
                .With("dilations", 1, 1).With("group", 1L).With("kernel_shape", kernel, kernel)
                .With("pads", pad, pad, pad, pad).With("strides", stride, stride));
        return Normalization(normName, name, weights, width, input, scale);
    }

    public string Relu(string name, string x) =>
        Add(new NodeProto { OpType = "Relu", Name = name, Input = { x }, Output = { name } });

    public string Add(string name, string x, string y) =>
        Add(new NodeProto { OpType = "Add", Name = name, Input = { x, y }, Output = { name } });

    public string MaxPool(string name, string x) =>
        Add(new NodeProto { OpType = "MaxPool", Name = name, Input = { x }, Output = { name } }
            .With("kernel_shape", 3, 3).With("pads", 1, 1, 1, 1).With("strides", 2, 2));

    /// <summary>Average pooling over all positions and the fully connected layer.</summary>
    public void Head(string name, string x, int channels, int classes, string output)
    {
        x = Add(new NodeProto { OpType = "GlobalAveragePool", Name = "avgpool", Input = { x }, Output = { "avgpool" } });
        x = Add(new NodeProto { OpType = "Flatten", Name = "flatten", Input = { x }, Output = { "flatten" } }.With("axis", 1L));
        Graph.Initializer.Add(Tensors.Floats($"{name}.weight", HeNormal(classes * channels, fanOut: classes), classes, channels));
        Graph.Initializer.Add(Tensors.Floats($"{name}.bias", new float[classes], classes));
        Add(new NodeProto
        {
            OpType = "Gemm", Name = name, Input = { x, $"{name}.weight", $"{name}.bias" }, Output = { output },
        }.With("alpha", 1f).With("beta", 1f).With("transB", 1L));
    }

    private string Normalization(string name, string x, float[] weights, int width, ActivationStatistics input, float scale)
    {
        var scales = new float[width];
        Array.Fill(scales, scale);
        var mean = new float[width];
        var variance = new float[width];
        var fanIn = weights.Length / width;
        for (var channel = 0; channel < width; channel++)
        {
            double sum = 0, squares = 0;
            foreach (double weight in weights.AsSpan(channel * fanIn, fanIn))
            {
                sum += weight;
                squares += weight * weight;
            }

            mean[channel] = (float)(input.Mean * sum);
            variance[channel] = (float)(input.Variance * squares);
        }

        Graph.Initializer.Add(Tensors.Floats($"{name}.weight", scales, width));
        Graph.Initializer.Add(Tensors.Floats($"{name}.bias", new float[width], width));
        Graph.Initializer.Add(Tensors.Floats($"{name}.running_mean", mean, width));
        Graph.Initializer.Add(Tensors.Floats($"{name}.running_var", variance, width));
        return Add(new NodeProto
        {
            OpType = "BatchNormalization",
            Name = name,
            Input = { x, $"{name}.weight", $"{name}.bias", $"{name}.running_mean", $"{name}.running_var" },
            Output = { name },
        }.With("epsilon", 1e-5f));
    }

    private string Add(NodeProto node)
    {
        Graph.Node.Add(node);
        return node.Output[0];
    }

    private float[] HeNormal(int count, int fanOut)
    {
        // A stream of its own for every tensor: a change of one layer leaves the others as they are.
        var normal = new SeededNormal(((ulong)seed << 32) + _tensors++);
        var deviation = Math.Sqrt(2.0 / fanOut);
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = (float)(deviation * normal.Next());
        return values;
    }
}
