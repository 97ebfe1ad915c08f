using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Onnx;

namespace Keda.Inference.InferenceFunction.Tests.Serving;

/// <summary>A classifier whose answers are easy to foresee: its scores are the means of red, green and blue, tenfold.</summary>
internal sealed class TinyModel : IDisposable
{
    public const int Classes = 6;
    private readonly string _folder = Directory.CreateTempSubdirectory("tiny-model-").FullName;

    public TinyModel(int side = 224, long? batch = null)
    {
        OnnxFile.Save(Build(side, batch), Path);
        File.WriteAllLines(Labels, ["red", "green", "blue", "nothing", "more", "here"]);
    }

    public string Path => System.IO.Path.Combine(_folder, "tiny.onnx");

    public string Labels => System.IO.Path.Combine(_folder, "labels.txt");

    public string Folder => _folder;

    public ModelOptions Options => new() { Path = Path, Labels = Labels, CacheDirectory = System.IO.Path.Combine(_folder, "cache") };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static ModelProto Build(int side, long? batch)
    {
        var weights = new float[Classes * 3];
        for (var channel = 0; channel < 3; channel++)
            weights[(channel * 3) + channel] = 10;
        var graph = new GraphProto { Name = "tiny" };
        graph.Input.Add(Value("picture", batch, 3, side, side));
        graph.Output.Add(Value("scores", batch, Classes));
        graph.Initializer.Add(Tensors.Floats("w", weights, Classes, 3));
        graph.Initializer.Add(Tensors.Floats("b", new float[Classes], Classes));
        graph.Node.Add(new NodeProto { OpType = "GlobalAveragePool", Name = "pool", Input = { "picture" }, Output = { "pooled" } });
        graph.Node.Add(new NodeProto { OpType = "Flatten", Name = "flat", Input = { "pooled" }, Output = { "flat" } }.With("axis", 1L));
        graph.Node.Add(new NodeProto { OpType = "Gemm", Name = "fc", Input = { "flat", "w", "b" }, Output = { "scores" } }.With("transB", 1L));
        return new ModelProto { IrVersion = 8, Graph = graph, OpsetImport = { new OperatorSetIdProto { Version = 13 } } };
    }

    private static ValueInfoProto Value(string name, long? batch, params long[] dims)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(batch is { } size ? new TensorShapeProto.Types.Dimension { DimValue = size } : new TensorShapeProto.Types.Dimension { DimParam = "N" });
        shape.Dim.AddRange(dims.Select(dim => new TensorShapeProto.Types.Dimension { DimValue = dim }));
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new() { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } },
        };
    }
}
